//! The closed lists of a picture: what players, arrows and sheets are, with the names that files have for them.

use serde::Serialize;

macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$doc])*
        pub enum $type { $($(#[$variant_doc])* $variant,)* }

        impl $type {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the name, as JSON and the network formats have it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }

        impl Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}

names! {
    /// The shape and the size of the sheet that a picture is drawn on.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    #[non_exhaustive]
    Sheet {
        /// A4 on its side, 297 mm wide; the legend stands beside the picture.
        #[default]
        A4 = "a4",
        /// A3 on its side, 420 mm wide.
        A3 = "a3",
        /// A slide of 16 to 9.
        Wide = "16:9",
        /// A square; the legend stands under the picture.
        Square = "1:1",
        /// A column of a newspaper, 90 mm wide and as high as it needs to be.
        Column = "column",
    }
}

names! {
    /// What a player is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    PlayerType {
        /// A human being.
        Person = "person",
        /// A firm.
        Company = "company",
        /// An investor whose trade is investing.
        Fund = "fund",
        /// A lender.
        Bank = "bank",
        /// A state or a part of one.
        Government = "government",
        /// A joint undertaking of several players.
        Venture = "venture",
        /// Several players seen as one.
        Group = "group",
        /// A speaker without a name.
        Voice = "voice",
        /// A thing that is made and sold.
        Product = "product",
    }
}

names! {
    /// What an arrow stands for; each family has a colour and a kind of line.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    Family {
        /// Investor to investee: a single line.
        Investment = "investment",
        /// Supplier to customer, or customer to supplier where arrows follow the value: a double line.
        Supply = "supply",
        /// The one who acts to the one acted upon: an open head.
        Influence = "influence",
    }
}

names! {
    /// What the order and the pieces of the players go by.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    #[non_exhaustive]
    Ranking {
        /// Their standing, the mean share of the greatest in several measures of power.
        Standing = "standing",
        /// The number of their edges.
        #[default]
        Edges = "edges",
    }
}

names! {
    /// A chess piece: how strong a player is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    Piece {
        /// The strongest player.
        King = "king",
        /// The next strongest.
        Queen = "queen",
        /// The rank after the queens.
        Rook = "rook",
        /// The rank after the rooks.
        Bishop = "bishop",
        /// The rank after the bishops.
        Knight = "knight",
        /// Everyone else.
        Pawn = "pawn",
        /// Several players in one.
        Pawns = "pawns",
    }
}

names! {
    /// How firm the edges of an arrow are that its label speaks of; drawn as a solid, broken, dashed or dotted line.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    Firmness {
        /// All of them bind a party.
        Firm = "firm",
        /// Some of them do.
        Partly = "partly",
        /// None of them does.
        Loose = "loose",
        /// None of them does, as far as is known: of all of them, or of some, no status is stated.
        Unstated = "unstated",
    }
}

names! {
    /// What happened to an arrow between two pictures.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    Change {
        /// It is in the later picture only.
        Came = "came",
        /// It is in the later picture only, since nobody spoke of it before; when it began is not known.
        Told = "told",
        /// It is in the earlier picture only.
        Went = "went",
        /// It is in both, with another status or value.
        Changed = "changed",
        /// It is the same in both.
        Same = "same",
    }
}

impl Sheet {
    /// Returns the sheet that has a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|sheet| sheet.name() == name)
    }

    /// Returns how wide it is, in millimetres.
    pub fn width_mm(self) -> f64 {
        match self {
            Self::A4 => 297.0,
            Self::A3 => 420.0,
            Self::Wide => 338.667,
            Self::Square => 280.0,
            Self::Column => 90.0,
        }
    }

    /// Returns how wide it is in the units of a drawing: so that words of 10.5 units, the smallest, are some seven points
    /// high in print, and more where a sheet is looked at from further away.
    pub(crate) fn width(self) -> f64 {
        let points = self.width_mm() * 72.0 / 25.4;
        let unit = match self {
            Self::A3 => 0.85,
            Self::Wide => 0.72,
            Self::A4 | Self::Square | Self::Column => 0.67,
        };
        points / unit
    }

    /// Returns its width over its height; nothing where it is as high as it needs to be.
    pub fn ratio(self) -> Option<f64> {
        match self {
            Self::A4 | Self::A3 => Some(std::f64::consts::SQRT_2),
            Self::Wide => Some(16.0 / 9.0),
            Self::Square => Some(1.0),
            Self::Column => None,
        }
    }

    /// Returns whether legend and sources stand beside the picture rather than under it.
    pub(crate) fn has_side_panel(self) -> bool {
        matches!(self, Self::A4 | Self::A3 | Self::Wide)
    }
}

impl PlayerType {
    /// Returns whether it stands for several players or an unnamed one.
    pub(crate) fn is_group(self) -> bool {
        matches!(self, Self::Group | Self::Voice)
    }
}

impl Change {
    /// Returns the mark that is put before the label of an arrow.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Came => "+ ",
            Self::Told => "+? ",
            Self::Went => "− ",
            Self::Changed => "Δ ",
            Self::Same => "",
        }
    }

    /// Returns the opacity of an arrow, where it is not full.
    pub(crate) fn opacity(self) -> Option<&'static str> {
        match self {
            Self::Same => Some("0.25"),
            Self::Went => Some("0.6"),
            Self::Came | Self::Told | Self::Changed => None,
        }
    }
}
