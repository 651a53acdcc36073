//! Connections (Relay cursor connections): `first` 1–100, `after` an opaque cursor over the
//! columns a list is sorted by. A page is read by keyset, never by offset.

use async_graphql::connection::{Connection, Edge};
use async_graphql::{OutputType, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{RequestError, ids};

/// The largest page.
pub const MOST: i32 = 100;
/// The page where none is asked for.
pub const DEFAULT: i32 = 20;

/// Which page is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Rows of the page.
    pub first: u64,
    /// The sort columns of the last row of the page before.
    pub after: Option<Vec<String>>,
}

impl Page {
    /// Reads the arguments of a connection of `columns` sort columns.
    pub fn new(first: Option<i32>, after: Option<&str>, columns: usize) -> Result<Self> {
        let first = first.unwrap_or(DEFAULT);
        if !(1..=MOST).contains(&first) {
            return Err(RequestError::FirstOutOfRange.error());
        }
        let after = match after {
            None => None,
            Some(text) => Some(
                decode(text)
                    .filter(|values| values.len() == columns)
                    .ok_or_else(|| RequestError::CursorInvalid.error())?,
            ),
        };
        Ok(Self { first: u64::try_from(first).unwrap_or(1), after })
    }

    /// Rows to read: one more than the page, which tells whether another follows.
    pub fn limit(&self) -> u64 {
        self.first + 1
    }

    /// The id behind which a list that is read by one id goes on.
    pub fn after_id<T: ids::NodeId>(&self) -> Option<T> {
        ids::decode(self.after.as_ref()?.first()?)
    }

    /// Makes the connection of what was read with [`Page::limit`].
    pub fn connection<R, T: OutputType>(
        &self,
        mut rows: Vec<R>,
        cursor: impl Fn(&R) -> Vec<String>,
        node: impl Fn(R) -> T,
    ) -> Connection<String, T> {
        let first = usize::try_from(self.first).unwrap_or(usize::MAX);
        let more = rows.len() > first;
        rows.truncate(first);
        let mut connection = Connection::new(self.after.is_some(), more);
        connection
            .edges
            .extend(rows.into_iter().map(|row| Edge::new(encode(&cursor(&row)), node(row))));
        connection
    }
}

fn encode(values: &[String]) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(values).unwrap_or_default())
}

fn decode(text: &str) -> Option<Vec<String>> {
    if text.len() > 1_000 {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_and_another_text_is_refused() {
        let after = encode(&["王·伟".into(), "id".into()]);
        let page = Page::new(Some(5), Some(&after), 2).unwrap();
        assert_eq!(page, Page { first: 5, after: Some(vec!["王·伟".into(), "id".into()]) });
        for wrong in ["", "%%%", "e30", &encode(&["one".into()])] {
            assert!(Page::new(None, Some(wrong), 2).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_page_has_one_to_a_hundred_rows() {
        for (first, good) in
            [(1, true), (100, true), (0, false), (101, false), (-1, false), (i32::MAX, false)]
        {
            assert_eq!(Page::new(Some(first), None, 1).is_ok(), good, "{first}");
        }
    }
}
