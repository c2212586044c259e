//! Choices by name that several verbs have: which shares of clusters are followed, and which rank a reduction has.

use clap::builder::PossibleValue;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;

use crate::propose::widths::Basis;
use crate::propose::widths::RankOf;

/// A basis by its name.
pub(super) fn basis() -> impl TypedValueParser<Value = Basis> {
    by_name(Basis::ALL.map(|basis| (basis.name(), of_basis(basis), basis)))
}

/// A rank by its name.
pub(super) fn rank() -> impl TypedValueParser<Value = RankOf> {
    by_name(RankOf::ALL.map(|rank| (rank.name(), of_rank(rank), rank)))
}

fn of_basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Excess => "Of innovations, in excess of untrained networks",
        Basis::Innovations => "Of innovations as they are",
        Basis::Raw => "Of activations as they are: section 4 of the paper to the letter",
    }
}

fn of_rank(rank: RankOf) -> &'static str {
    match rank {
        RankOf::Coherent => "Directions that neighbours share, one apart for 3x3, two for 5x5",
        RankOf::Pca95 => "Principal components with 95 % of the variance",
        RankOf::Participation => "The participation ratio of the principal components",
    }
}

/// One of some values by its name.
fn by_name<T: Copy + Send + Sync + 'static, const N: usize>(
    values: [(&'static str, &'static str, T); N],
) -> impl TypedValueParser<Value = T> {
    let names = values.map(|(name, help, _)| PossibleValue::new(name).help(help));
    let find = move |name: String| values.iter().find(|value| value.0 == name).map(|value| value.2);
    PossibleValuesParser::new(names).try_map(move |name| find(name).ok_or("there is no such name"))
}
