//! Recipes of planted networks as they are written on the command line.

use anyhow::Context;
use anyhow::bail;
use anyhow::ensure;

use crate::base::nearest;
use crate::propose::planted::Recipe;
use crate::propose::planted::Tier;

/// The tiers of docs/clustering.md.
const TIERS: [(&str, &str); 11] = [
    ("P1", "n=500,m=50,rho=0.05,noise=0.1,samples=1000"),
    ("P2", "n=500,m=50,rho=0.05,noise=0.5,samples=1000"),
    ("O1", "n=500,m=250,d=16,rho=0.02,samples=5000"),
    ("O2", "n=500,m=500,d=16,rho=0.01,samples=20000"),
    ("O3", "n=500,m=500,d=24,rho=0.01,samples=20000"),
    ("O4", "n=1000,m=1000,d=16,rho=0.005,samples=16000"),
    ("O5", "n=500,m=500,d=16,rho=0.01,samples=2000"),
    ("R", "n=500,m=250,d=16,rho=0.02,weights=real,samples=5000"),
    ("S", "n=250,m=250,d=16,rho=0.02,samples=2000"),
    ("C1", "n=800,m=800,d=8,rho=0.0025,samples=20000,layers=2"),
    ("N", "n=500,rho=0.1,spread=0.6,samples=1000"),
];
/// What a recipe says.
const KEYS: [&str; 9] = ["n", "m", "d", "weights", "rho", "noise", "samples", "layers", "spread"];

/// What a text says; keys that differ from a tier's stand behind it, and count.
fn said(text: &str) -> anyhow::Result<Vec<(&str, &str)>> {
    let (mut said, mut own) = (Vec::new(), Vec::new());
    for part in text.split(',').map(str::trim) {
        if let Some((key, value)) = part.split_once('=') {
            if !KEYS.contains(&key) {
                let near = nearest(key, KEYS)
                    .map_or_else(|| format!("the keys are {}", KEYS.join(", ")), |near| format!("did you mean `{near}`?"));
                bail!("`{key}` is no key of a recipe; {near}");
            }
            ensure!(!own.contains(&key), "`{key}` is said twice in the recipe `{text}`");
            own.push(key);
            said.push((key, value));
        } else {
            let tier = TIERS.iter().find(|(name, _)| *name == part);
            let names = TIERS.map(|(name, _)| name).join(", ");
            let (_, keys) = tier.with_context(|| format!("`{part}` is neither a tier ({names}) nor KEY=VALUE"))?;
            ensure!(said.is_empty(), "the tier `{part}` stands first, keys that differ from it behind it");
            said.extend(keys.split(',').filter_map(|part| part.split_once('=')));
        }
    }
    Ok(said)
}

/// The recipes of a text, one for each number of samples.
pub(super) fn recipes(text: &str) -> anyhow::Result<Vec<Recipe>> {
    let said = said(text)?;
    let value = |key: &str| said.iter().rev().find(|(said, _)| *said == key).map(|(_, value)| *value);
    let needed = |key: &str| value(key).with_context(|| format!("the recipe `{text}` lacks `{key}`"));
    let whole = |key: &str, value: &str| -> anyhow::Result<usize> {
        value.parse().ok().filter(|&value| value > 0).with_context(|| format!("`{key}={value}` is no whole number from 1 on"))
    };
    let number = |key: &str, value: &str| -> anyhow::Result<f64> {
        value.parse().ok().filter(|value: &f64| value.is_finite()).with_context(|| format!("`{key}={value}` is no number"))
    };
    let degree = value("d").map(|value| number("d", value)).transpose()?;
    let spread = value("spread").map(|value| number("spread", value)).transpose()?;
    let of_hidden = ["m", "d", "weights", "layers"].into_iter().find(|key| value(key).is_some());
    if let Some(key) = of_hidden.filter(|_| spread.is_some()) {
        bail!("`spread` is of independent units, and `{key}` of hidden ones: a recipe has one of them");
    }
    let real = match value("weights") {
        None | Some("signs") => false,
        Some("real") => true,
        Some(other) => bail!("`weights={other}`: weights are `signs` or `real`"),
    };
    let of_layers = || match (degree, value("layers").unwrap_or("1")) {
        (None, "1") if !real => Ok(Tier::Disjoint),
        (Some(degree), "1") if real => Ok(Tier::Real { degree }),
        (_, _) if real => bail!("`weights=real` is of overlapping groups in one layer: it needs `d`, and no `layers=2`"),
        (Some(degree), "1") => Ok(Tier::Overlapping { degree }),
        (Some(degree), "2") => Ok(Tier::Chain { degree }),
        (None, "2") => bail!("`layers=2` needs `d`, the edges of a hidden unit"),
        (_, other) => bail!("`layers={other}`: there are recipes of 1 and of 2 layers"),
    };
    let tier = spread.map_or_else(of_layers, |spread| Ok(Tier::Independent { spread }))?;
    let recipe = |samples: &str| -> anyhow::Result<Recipe> {
        Ok(Recipe {
            tier,
            units: whole("n", needed("n")?)?,
            hidden: if spread.is_some() { 0 } else { whole("m", needed("m")?)? },
            rate: number("rho", needed("rho")?)?,
            noise: number("noise", value("noise").unwrap_or("0"))?,
            samples: whole("samples", samples)?,
        })
    };
    needed("samples")?.split('/').map(recipe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_are_short_for_keys_which_may_differ() {
        let plain = recipes("n=500,m=250,d=16,rho=0.02,noise=0,samples=5000").expect("a recipe");
        assert_eq!(recipes("O1").expect("a tier"), plain);
        let noisy = recipes("O1, noise=0.1, samples=1000/2000").expect("a tier and keys");
        assert_eq!(noisy, [1000, 2000].map(|samples| Recipe { noise: 0.1, samples, ..plain[0] }));
        assert_eq!(recipes("P1").expect("a tier")[0].tier, Tier::Disjoint);
        assert_eq!(recipes("C1").expect("a tier")[0].tier, Tier::Chain { degree: 8.0 });
        assert_eq!(recipes("O1,weights=real").expect("a tier"), recipes("R").expect("a tier"));
        assert_eq!(recipes("R").expect("a tier")[0].tier, Tier::Real { degree: 16.0 });
        let none = recipes("N, rho=0.02").expect("a tier")[0];
        assert_eq!((none.tier, none.hidden, none.rate), (Tier::Independent { spread: 0.6 }, 0, 0.02));
        assert!(TIERS.iter().all(|(name, _)| recipes(name).is_ok()));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let told = |text: &str| recipes(text).expect_err(text).to_string();
        assert_eq!(told("n=500"), "the recipe `n=500` lacks `samples`");
        assert_eq!(told("n=500,samples=10"), "the recipe `n=500,samples=10` lacks `m`");
        assert_eq!(told("O1,sample=10"), "`sample` is no key of a recipe; did you mean `samples`?");
        assert_eq!(told("O1,n=0"), "`n=0` is no whole number from 1 on");
        assert_eq!(told("O1,rho=nan"), "`rho=nan` is no number");
        assert_eq!(told("P1,layers=2"), "`layers=2` needs `d`, the edges of a hidden unit");
        assert_eq!(told("O1,layers=3"), "`layers=3`: there are recipes of 1 and of 2 layers");
        assert_eq!(told("O1,weights=3"), "`weights=3`: weights are `signs` or `real`");
        assert_eq!(
            told("C1,weights=real"),
            "`weights=real` is of overlapping groups in one layer: it needs `d`, and no `layers=2`"
        );
        let both = "`spread` is of independent units, and `d` of hidden ones: a recipe has one of them";
        assert_eq!(told("n=5,rho=0.1,spread=1,d=3,samples=9"), both);
        assert_eq!(told("n=5,O1"), "the tier `O1` stands first, keys that differ from it behind it");
        assert!(told("O7").starts_with("`O7` is neither a tier (P1, P2, O1"));
    }
}
