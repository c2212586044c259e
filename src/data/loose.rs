//! Images that belong to no data set: files and folders as somebody names them.

use std::path::PathBuf;

use rayon::prelude::*;

use crate::data::decode::decode;
use crate::data::error::BadFile;
use crate::data::error::DataError;
use crate::data::error::Fault;
use crate::data::folder;
use crate::data::gather::Role;
use crate::data::gather::role;

/// The files that are meant: a file as it is, of a folder the JPEG and PNG files in it and its folders, in the order of their names.
pub fn image_files(named: &[PathBuf]) -> Result<Vec<PathBuf>, DataError> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let listed = folder::list(path)?.into_iter().filter(|file| role(&file.name) == Role::Image);
        let found: Vec<PathBuf> = listed.map(|file| file.path).collect();
        if found.is_empty() {
            return Err(DataError::Unknown { path: path.clone(), reason: "it has no JPEG and no PNG files" });
        }
        files.extend(found);
    }
    Ok(files)
}

/// Decodes files in parallel, for a network that is shown `[channels, height, width]`: scaled to cover it and cut around the centre, grey
/// in each of three channels. Each gives its pixels `[channels][height][width]`, or why it cannot be used.
pub fn decoded(files: &[PathBuf], [channels, height, width]: [usize; 3]) -> Vec<Result<Vec<u8>, BadFile>> {
    let one = |path: &PathBuf| -> Result<Vec<u8>, Fault> {
        let bytes = std::fs::read(path).map_err(|error| Fault::Unreadable(error.to_string()))?;
        let picture = decode(&bytes)?.resized(Some([height, width]));
        let picture = if channels == 3 { picture.coloured() } else { picture };
        if picture.shape[0] == channels {
            Ok(picture.pixels)
        } else {
            Err(Fault::Channels { found: picture.shape[0], wanted: channels })
        }
    };
    files.par_iter().map(|path| one(path).map_err(|fault| BadFile { path: path.display().to_string(), fault })).collect()
}
