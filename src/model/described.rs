//! What things without a name of their own are called.

use crate::model::lang::Lang;
use crate::model::name::Family;
use crate::model::record::Records;
use crate::words::Message;
use oxigraph::model::NamedNode;

impl Records {
    /// Returns what anything is called in a language. Edges, observations and identities without a name are described: who
    /// to whom and of what kind, whose figure of what time, which two players.
    pub fn described(&self, id: &NamedNode, lang: Lang) -> String {
        if let Some(edge) = self.edges.get(id)
            && edge.labels.is_empty()
        {
            let kind = match &edge.kind {
                Some(kind) => self.label(kind, lang),
                None => family(edge.family).text(lang),
            };
            let (from, to) = (self.label(&edge.from, lang), self.label(&edge.to, lang));
            let parts: [(&str, &dyn std::fmt::Display); 3] =
                [("from", &from), ("to", &to), ("kind", &kind)];
            return Message::DescribedEdge.filled(lang, &parts);
        }
        if let Some(observation) = self.observations.get(id)
            && observation.labels.is_empty()
        {
            let subject = self.label(&observation.subject, lang);
            let metric = self.label(&observation.metric, lang);
            return match observation.period {
                Some(period) => {
                    let parts: [(&str, &dyn std::fmt::Display); 3] = [
                        ("subject", &subject),
                        ("metric", &metric),
                        ("period", &period),
                    ];
                    Message::DescribedFigureOf.filled(lang, &parts)
                }
                None => {
                    let parts: [(&str, &dyn std::fmt::Display); 2] =
                        [("subject", &subject), ("metric", &metric)];
                    Message::DescribedFigure.filled(lang, &parts)
                }
            };
        }
        if let Some(identity) = self.identities.get(id) {
            let [one, other] = &identity.players;
            return format!("{} = {}", self.label(one, lang), self.label(other, lang));
        }
        self.label(id, lang).to_owned()
    }
}

fn family(family: Family) -> Message {
    match family {
        Family::Investment => Message::FamilyInvestment,
        Family::Supply => Message::FamilySupply,
        Family::Influence => Message::FamilyInfluence,
    }
}
