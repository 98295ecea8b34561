//! What is wrong with a file where there is no second port.

use crate::decision::ParseError;

/// What is wrong with a file where there is no second port: its rules name one. Whether there is one, a command line or a
/// builder may say as well.
///
/// That is a place and not what is said: files that say the same are equal, wherever it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Unmirrored(pub(super) Option<Box<ParseError>>);

impl PartialEq for Unmirrored {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
