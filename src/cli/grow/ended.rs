//! How a growth ends before its time.

use crate::cli::Exit;
use crate::data::DataError;
use crate::train::TrainError;

/// What keeps a growth from going on.
pub(super) enum Ended {
    /// It has been told; the command ends so.
    Told(Exit),
    /// Wrong usage, or files.
    Failed(anyhow::Error),
    /// A training cannot begin or go on.
    Training(TrainError),
    /// Images cannot be read.
    Data(DataError),
}

/// What comes of a part of the work.
pub(super) type Outcome<T> = Result<T, Ended>;

impl From<Exit> for Ended {
    fn from(exit: Exit) -> Ended {
        Ended::Told(exit)
    }
}

impl From<anyhow::Error> for Ended {
    fn from(error: anyhow::Error) -> Ended {
        Ended::Failed(error)
    }
}

impl From<TrainError> for Ended {
    fn from(error: TrainError) -> Ended {
        Ended::Training(error)
    }
}

impl From<DataError> for Ended {
    fn from(error: DataError) -> Ended {
        Ended::Data(error)
    }
}
