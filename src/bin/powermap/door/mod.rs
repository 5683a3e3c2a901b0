//! What the doors for other programs share: the map as seen by a request, answers as bounded JSON, errors as data.

pub(crate) mod about;
pub(crate) mod atlas;
pub(crate) mod board;
pub(crate) mod claim;
pub(crate) mod json;
pub(crate) mod request;
pub(crate) mod schema;
pub(crate) mod search;
pub(crate) mod shown;
pub(crate) mod trouble;
pub(crate) mod vocabulary;
