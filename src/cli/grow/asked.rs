//! What is asked of a growth: the flags, what holds where they are silent, and whether a growth that was begun was asked the same.

use std::path::Path;

use anyhow::Context;
use anyhow::bail;
use anyhow::ensure;
use clap::Args;
use serde_json::Value;

use crate::base::Quantity;
use crate::cli::choices;
use crate::cli::loading::Network;
use crate::cli::suggest::limit;
use crate::cli::trained;
use crate::propose::Asked;
use crate::propose::widths::Basis;
use crate::propose::widths::RankOf;
use crate::spec::Train;

/// Flags that say how a network grows.
#[derive(Debug, Args)]
pub(super) struct Given {
    /// Multiply-adds of an image, at most, as in `1.5G` [default: the spec's budget]
    #[arg(long, value_name = "MADDS")]
    budget: Option<String>,
    /// Modules to add, at most [default: as many as the budget holds]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    stages: Option<u32>,
    /// Channels that a module gives, as a multiple of those that it reads [default: 1.25]
    #[arg(long, value_name = "FACTOR", value_parser = factor)]
    width: Option<f64>,
    /// Modules on one grid, after which maps are pooled, unless to sides below 8; 0 never pools [default: 2]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1000))]
    pool_every: Option<u32>,
    /// Images that layers are looked at with, of each class its share [default: 2000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..))]
    images_looked: Option<u32>,
    /// Untrained networks beside the trained one [default: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    controls: Option<u32>,
    /// Widths are multiples of this [default: 8]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    align: Option<u32>,
    /// Which shares are followed [default: excess]
    #[arg(long, value_parser = choices::basis(), value_name = "NAME")]
    basis: Option<Basis>,
    /// Which rank a reduction has [default: coherent]
    #[arg(long, value_parser = choices::rank(), value_name = "NAME")]
    rank: Option<RankOf>,
}

impl Given {
    /// What is given in the place of what holds otherwise.
    pub(super) fn over(&self, base: Asked, train: &Train) -> anyhow::Result<Asked> {
        let budget = match &self.budget {
            None => base.budget,
            Some(text) => {
                let (quantity, most) = limit(text)?;
                ensure!(
                    quantity == Quantity::Madds,
                    "`--budget {text}`: a network grows in multiply-adds; write a number, as in 1.5G"
                );
                Some(most)
            }
        };
        let stages = self.stages.or(base.stages);
        ensure!(
            budget.is_some() || stages.is_some(),
            "nothing says when to end: give `--budget` or `--stages`, or the spec a budget of madds"
        );
        Ok(Asked {
            budget,
            stages,
            width: self.width.unwrap_or(base.width),
            pool_every: self.pool_every.unwrap_or(base.pool_every),
            images_looked: self.images_looked.unwrap_or(base.images_looked),
            controls: self.controls.unwrap_or(base.controls),
            align: self.align.unwrap_or(base.align),
            basis: self.basis.unwrap_or(base.basis),
            rank: self.rank.unwrap_or(base.rank),
            settings: train.written().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            ..base
        })
    }
}

/// What holds where nothing is given.
pub(super) fn usual(data: Option<&str>, network: &Network) -> anyhow::Result<Asked> {
    let data = data.context("`--data DATA` names the images to learn from: a folder, an archive, or `shapes`")?;
    let limits = network.limits().into_iter().filter(|(quantity, _)| *quantity == Quantity::Madds);
    Ok(Asked {
        data: trained::absolute(data),
        images: None,
        arch: String::new(),
        budget: limits.map(|(_, most)| most).min(),
        stages: None,
        width: 1.25,
        pool_every: 2,
        images_looked: 2000,
        controls: 3,
        align: 8,
        basis: Basis::Excess,
        rank: RankOf::Coherent,
        settings: std::collections::BTreeMap::new(),
    })
}

/// The settings of training that were asked for.
pub(super) fn written(asked: &Asked) -> Vec<(&str, &str)> {
    asked.settings.iter().map(|(name, value)| (&**name, &**value)).collect()
}

/// Of settings of one name the last.
pub(super) fn last<'a>(settings: Vec<(&'a str, &'a str)>) -> Vec<(&'a str, &'a str)> {
    let mut kept: Vec<(&str, &str)> = Vec::new();
    for (name, value) in settings {
        match kept.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = value,
            None => kept.push((name, value)),
        }
    }
    kept
}

/// Refuses other settings than a growth began with, naming the first that differs. Images may have moved: their digest is compared.
pub(super) fn same(began: &Asked, now: &Asked, folder: &Path) -> anyhow::Result<()> {
    let [then, now] = [began, now].map(|asked| serde_json::to_value(asked).expect("plain data is JSON"));
    let differing = |then: &Value, now: &Value| -> Option<(String, String, String)> {
        let fields = then.as_object()?.iter().filter(|(name, _)| *name != "data" && *name != "settings");
        let (name, value) = fields.into_iter().find(|(name, value)| now.get(name.as_str()) != Some(value))?;
        Some((name.replace('_', "-"), shown(value), shown(&now[name])))
    };
    let differs = differing(&then, &now).or_else(|| differing(&then["settings"], &now["settings"]));
    if let Some((name, then, now)) = differs {
        bail!("`{}` began with `--{name}` {then}, not {now}; name another folder, or leave it as it was", folder.display());
    }
    Ok(())
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "left out".to_owned(),
        other => other.to_string(),
    }
}

fn factor(text: &str) -> Result<f64, String> {
    let factor = text.parse().ok().filter(|factor| *factor > 0.0 && *factor <= 16.0);
    factor.ok_or_else(|| "a number above 0, up to 16".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_named() {
        let asked = Asked {
            data: "shapes".to_owned(),
            images: Some(100),
            arch: "scalar".to_owned(),
            budget: None,
            stages: Some(2),
            width: 1.25,
            pool_every: 2,
            images_looked: 2000,
            controls: 3,
            align: 8,
            basis: Basis::Excess,
            rank: RankOf::Coherent,
            settings: [("lr".to_owned(), "0.1".to_owned())].into(),
        };
        let told = |now: &Asked| same(&asked, now, Path::new("grown")).map_err(|error| error.to_string());
        assert_eq!(told(&Asked { data: "moved".to_owned(), ..asked.clone() }), Ok(()));
        let other = Asked { budget: Some(5), pool_every: 3, ..asked.clone() };
        let begins = "`grown` began with `--";
        assert!(told(&other).unwrap_err().starts_with(&format!("{begins}budget` left out, not 5;")));
        let other = Asked { pool_every: 3, ..asked.clone() };
        assert!(told(&other).unwrap_err().starts_with(&format!("{begins}pool-every` 2, not 3;")));
        let other = Asked { settings: [("lr".to_owned(), "0.2".to_owned())].into(), ..asked.clone() };
        assert!(told(&other).unwrap_err().starts_with(&format!("{begins}lr` 0.1, not 0.2;")));
    }

    #[test]
    fn flags_go_before_what_was_written() {
        assert_eq!(last(vec![("lr", "0.1"), ("seed", "0"), ("lr", "0.2")]), [("lr", "0.2"), ("seed", "0")]);
    }
}
