//! Level 1: who is who.

use crate::format::field::fields::Fields;
use crate::format::field::gather::Gather;
use crate::format::field::gleif::{Reader, each_within, entity_id};
use crate::model::name::PlayerType;
use crate::model::vocabulary::pm;

/// Authorities whose numbers are those of the British register of companies.
const BRITISH: &[&str] = &["RA000585", "RA000586", "RA000587"];

/// Reads an entity.
pub(super) fn read(reader: &Reader, lei: &str, mut fields: Fields, gather: &mut Gather<'_>) {
    let node = entity_id(lei);
    let mut registration = Fields::default();
    fields.inside("Registration", |inside| {
        registration = std::mem::take(inside)
    });
    let source = reader.source("entities", lei.to_owned(), &mut registration, gather);
    let mut player_type = PlayerType::Company;
    let (mut names, mut british) = (Vec::new(), None);
    fields.inside("Entity", |entity| {
        player_type = match entity.peek("EntityCategory") {
            Some("FUND") => PlayerType::Fund,
            Some("RESIDENT_GOVERNMENT_ENTITY") => PlayerType::Government,
            _ => PlayerType::Company,
        };
        names.extend(entity.text("LegalName"));
        for (list, one) in [
            ("OtherEntityNames", "OtherEntityName"),
            (
                "TransliteratedOtherEntityNames",
                "TransliteratedOtherEntityName",
            ),
        ] {
            names.extend(
                entity
                    .inside(list, |list| list.texts(one))
                    .unwrap_or_default(),
            );
            each_within(entity, list, one, |name| {
                names.extend(name.text("$").or_else(|| name.text(one)));
            });
        }
        entity.inside("RegistrationAuthority", |authority| {
            let is_british = authority
                .peek("RegistrationAuthorityID")
                .is_some_and(|authority| BRITISH.contains(&authority));
            if is_british {
                british = authority.text("RegistrationAuthorityEntityID");
            }
        });
    });
    gather.player(&node, player_type, names);
    if !gather.identifier(&node, pm::LEI, lei, &source) {
        gather.not_understood("", "LEI", lei, "18 letters or digits and 2 check digits");
    }
    if let Some(number) = british {
        gather.identifier(&node, pm::GB_COH, &number, &source);
    }
    gather.no_place("", &mut fields, &["Extension"]);
    gather.no_place(
        "Registration",
        &mut registration,
        &["NextRenewalDate", "ManagingLOU", "ValidationAuthority"],
    );
    gather.describe(registration, &node, &source);
    gather.describe(fields, &node, &source);
}
