//! The table of English.

use crate::words::Message;

pub(super) fn text(message: Message) -> &'static str {
    match message {
        Message::Colon => ": ",
        Message::ListSeparator => ", ",
        Message::Comma => ", ",
        Message::InBrackets => " ({kinds})",
        Message::OfWhole => " of {whole} (less {parts})",
        Message::IncludesParts => " (includes {parts}: no value in {unit})",
        Message::SourcesOfArrow => "; sources {numbers}",
        Message::Description => {
            "A chess board with {players} players and {arrows} arrows between them. The strongest: {names}."
        }
        Message::AndMore => " and {count} more",
        Message::OneOther => "1 other",
        Message::Others => "{count} others",
        Message::OneEdge => "1 edge",
        Message::Edges => "{count} edges",
        Message::OneClaim => "1 claim",
        Message::Claims => "{count} claims",
        Message::OneSource => "1 source",
        Message::Sources => "{count} sources",
        Message::AsOf => "as of {day}",
        Message::KnownBy => "as known by {day}",
        Message::BoardOfDay => "The board {now}",
        Message::BoardOfNoDay => "The board, of no day",
        Message::WhatChanged => "What changed: {before} → {now}",
        Message::WhereClaimsDisagree => "where claims disagree: {policy}",
        Message::LegendHeading => "How to read it",
        Message::SourcesHeading => "Sources",
        Message::LegendInvestment => "Investment",
        Message::LegendSupply => "Supply",
        Message::LegendInfluence => "Influence",
        Message::LegendMoneyInvestment => "Invests, or gives shares",
        Message::LegendMoneySupply => "Pays for supplies",
        Message::LegendLeads => "Leads",
        Message::StampSeparator => " · ",
        Message::OnePlayer => "1 player",
        Message::Players => "{count} players",
        Message::LeftOut => "{players} and {edges} are not drawn.",
        Message::EdgesLeftOut => "{edges} not drawn.",
        Message::LegendFirm => "Committed or done",
        Message::LegendPartly => "In part committed",
        Message::LegendLoose => "Not committed",
        Message::LegendUnstated => "No status stated",
        Message::LegendNoWidth => "Other, or no amount",
        Message::LegendCame => "New",
        Message::LegendTold => "First told of, start unknown",
        Message::LegendWent => "Gone",
        Message::LegendChanged => "Changed",
        Message::LegendSame => "As before",
        Message::LegendOrganisation => "Organisation",
        Message::LegendPerson => "Person",
        Message::LegendGroup => "Several in one",
        Message::PiecesNote => {
            "King, queens, rooks, bishops, knights, pawns: by {ranking}. Small numbers: sources."
        }
        Message::PiecesByMoneyNote => {
            "Area of a piece: the money on its arrows, least where no amount is known. King, queens, rooks, bishops, knights, pawns: by {ranking}. Small numbers: sources."
        }
        Message::ByStanding => "standing, the mean share of the greatest in five measures of power",
        Message::ByEdges => "the number of edges",
        Message::Investment => "investment",
        Message::Supply => "supply",
        Message::Influence => "influence",
        Message::People => "People",
        Message::Companies => "Companies",
        Message::Funds => "Funds",
        Message::Banks => "Banks",
        Message::Governments => "Governments",
        Message::Ventures => "Ventures",
        Message::Groups => "Groups",
        Message::Voices => "Voices",
        Message::Products => "Products",
        Message::Person => "person",
        Message::Company => "company",
        Message::Fund => "fund",
        Message::Bank => "bank",
        Message::Government => "government",
        Message::Venture => "venture",
        Message::Group => "group",
        Message::Voice => "voice",
        Message::Product => "product",
    }
}
