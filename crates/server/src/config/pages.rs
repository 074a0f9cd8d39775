//! `[pages]`: what the hosted pages are made of.

use std::path::PathBuf;

use serde::Deserialize;

/// What the hosted pages are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pages {
    /// A folder whose files replace the templates, the style and the script that are compiled in; `None` for those.
    pub templates: Option<PathBuf>,
}
