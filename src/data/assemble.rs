//! From decoded images with their paths to a data set.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;

use crate::data::cache::CacheUse;
use crate::data::dataset::Dataset;
use crate::data::dataset::Kind;
use crate::data::dataset::Part;
use crate::data::dataset::SizeMet;
use crate::data::error::DataError;
use crate::data::error::Fault;
use crate::data::gather::Complaints;
use crate::data::images::Images;
use crate::data::layout;
use crate::data::picture::Picture;

/// Orders images by part, class and path, and puts them in one store a part. Of two with one path the later wins, as where an archive is
/// unpacked.
pub(super) fn assemble(mut read: Vec<(String, Picture)>, mut complaints: Complaints, path: &Path) -> Result<Dataset, DataError> {
    read.reverse();
    read.sort_by(|a, b| a.0.cmp(&b.0));
    read.dedup_by(|a, b| a.0 == b.0);
    let names: Vec<String> = read.iter().map(|(name, _)| name.clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut placed = Vec::with_capacity(read.len());
    for (place, (name, picture)) in layout::places(&names).into_iter().zip(read) {
        match place {
            Some((part, class)) => placed.push((part, class, name, picture)),
            None => complaints.note(name, Fault::Place)?,
        }
    }
    let classes: Vec<&str> = placed.iter().map(|(_, class, ..)| *class).collect::<BTreeSet<_>>().into_iter().collect();
    if classes.len() > usize::from(u16::MAX) + 1 {
        return Err(DataError::Classes { classes: classes.len() });
    }
    let label: BTreeMap<&str, u16> = classes.iter().enumerate().map(|(at, class)| (*class, at as u16)).collect();
    placed.sort_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)));
    let shape = one_shape(&placed)?;
    let mut sizes: BTreeMap<[usize; 2], usize> = BTreeMap::new();
    let mut parts = Part::ALL.map(|part| {
        let mut images = Images::empty(shape);
        images.reserve(placed.iter().filter(|(of, ..)| *of == part).count());
        images
    });
    for (part, class, _, picture) in placed {
        *sizes.entry(picture.met).or_default() += 1;
        let picture = if shape[0] == 3 { picture.coloured() } else { picture };
        parts[part as usize].push(label[class], &picture.pixels);
    }
    let sizes = sizes.into_iter().map(|([height, width], images)| SizeMet { height, width, images });
    let dataset = Dataset {
        kind: Kind::Folders,
        classes: classes.into_iter().map(str::to_owned).collect(),
        parts,
        sizes: sizes.collect(),
        bad: complaints.sorted(),
        cache: CacheUse::None,
    };
    dataset.checked(path)
}

/// The shape that all images can have: one height and width, and colour where one image has it.
fn one_shape(placed: &[(Part, &str, String, Picture)]) -> Result<[usize; 3], DataError> {
    let Some((.., first, picture)) = placed.first() else { return Ok([0; 3]) };
    let size = |picture: &Picture| [picture.shape[1], picture.shape[2]];
    if let Some((.., other, differs)) = placed.iter().find(|(.., other)| size(other) != size(picture)) {
        let sizes = [size(picture), size(differs)];
        return Err(DataError::MixedSizes { first: first.clone(), other: other.clone(), sizes });
    }
    let channels = placed.iter().map(|(.., picture)| picture.shape[0]).max().unwrap_or(0);
    Ok([channels, picture.shape[1], picture.shape[2]])
}
