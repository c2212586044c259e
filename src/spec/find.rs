//! The layer that a path names, as it is written: through the bodies of modules and branches, whatever copy is meant.

use crate::spec::Body;
use crate::spec::Inception;
use crate::spec::Kind;
use crate::spec::Layer;
use crate::spec::Main;
use crate::spec::Spec;

impl Spec {
    /// The layer at a path such as `s2.1/a`, also where it is left out. Branches are no layers, but those inside them are found.
    pub fn find_layer(&self, path: &str) -> Option<&Layer> {
        let mut steps = path.split('/').map(without_copy);
        let first = steps.next()?;
        let heads = self.heads.iter().map(|head| &head.layer);
        let mut layer = self.net.layers.iter().chain(heads).find(|layer| &*layer.key.text == first)?;
        while let Some(step) = steps.next() {
            layer = layer.kinds.iter().find_map(|kind| match &kind.main {
                Main::Body(body) => body.layer(step),
                Main::Arguments(_) => match kind.kind {
                    Kind::Module(module) => self.modules[module].body.layer(step),
                    Kind::Op(_) | Kind::Inception | Kind::Net => None,
                },
                Main::Inception(Inception::Branches(branches)) => {
                    let branch = branches.iter().find(|branch| &*branch.key.text == step)?;
                    branch.body.layer(steps.next()?)
                }
                Main::Inception(Inception::Ratios(_)) | Main::Value(_) | Main::Layers(_) => None,
            })?;
        }
        Some(layer)
    }
}

impl Body {
    fn layer(&self, name: &str) -> Option<&Layer> {
        self.layers.iter().find(|layer| &*layer.key.text == name)
    }
}

/// `s2` of `s2.1`.
fn without_copy(step: &str) -> &str {
    let is_copy = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    step.rsplit_once('.').filter(|(_, number)| is_copy(number)).map_or(step, |(name, _)| name)
}
