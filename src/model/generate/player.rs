//! What a made-up player is, which depends on its number and the seed alone.

use crate::model::generate::random::mixed;
use crate::model::name::PlayerType;

/// The seed of the types, so that they have nothing to do with other draws.
const PURPOSE: u64 = 0x7479_7065;

/// Returns the type of a player.
pub(super) fn type_of(seed: u64, player: u32) -> PlayerType {
    match mixed(mixed(seed, PURPOSE), u64::from(player)) % 100 {
        0..52 => PlayerType::Company,
        52..74 => PlayerType::Person,
        74..86 => PlayerType::Fund,
        86..92 => PlayerType::Bank,
        92..95 => PlayerType::Government,
        _ => PlayerType::Venture,
    }
}

/// The names of a type in English and Chinese.
pub(super) fn words(player_type: PlayerType) -> (&'static str, &'static str) {
    match player_type {
        PlayerType::Person => ("Person", "人物"),
        PlayerType::Fund => ("Fund", "基金"),
        PlayerType::Bank => ("Bank", "银行"),
        PlayerType::Government => ("Government", "政府"),
        PlayerType::Venture => ("Venture", "合资"),
        _ => ("Company", "公司"),
    }
}

/// Which player has which rank: a shuffle that needs no memory, r ↦ (r · step + shift) mod n with step prime to n.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ranks {
    players: u64,
    step: u64,
    shift: u64,
}

impl Ranks {
    pub(super) fn new(players: u32, seed: u64) -> Self {
        let players = u64::from(players);
        let mut step = mixed(seed, 1) % players.max(1);
        while gcd(step, players) > 1 {
            step += 1;
        }
        Self {
            players,
            step,
            shift: mixed(seed, 2) % players.max(1),
        }
    }

    pub(super) fn player(self, rank: u32) -> u32 {
        let product = u64::from(rank) * self.step + self.shift;
        (product % self.players) as u32
    }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_player_has_one_rank() {
        for players in [1, 2, 3, 12, 1000, 1024] {
            for seed in 0..20 {
                let ranks = Ranks::new(players, seed);
                let mut found: Vec<_> = (0..players).map(|rank| ranks.player(rank)).collect();
                found.sort_unstable();
                assert!(found.into_iter().eq(0..players), "{players} {seed}");
            }
        }
    }
}
