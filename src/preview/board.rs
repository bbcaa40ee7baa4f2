//! The pages as they stand, between the thread that makes them and those that
//! show them.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A page of a document, as SVG.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The fingerprint of its bytes.
    pub hash: String,
    pub svg: Arc<Vec<u8>>,
}

/// What is shown of an edition.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shown {
    pub title: String,
    /// The documents there are: name and title, in their order.
    pub documents: Vec<(String, String)>,
    /// What stops the documents, or what was found on the way.
    pub messages: Vec<String>,
    /// « Contrôle : 25 erreurs, … »
    pub findings: String,
    /// The findings that appeared or went at the last change.
    pub news: Vec<String>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Grows at each change.
    generation: u64,
    shown: Shown,
    /// The pages of the documents that were made, or why they were not.
    made: BTreeMap<String, Result<Vec<Page>, String>>,
    /// The documents that somebody looks at, the last one asked for first.
    wanted: Vec<String>,
}

/// The pages as they stand.
#[derive(Debug, Default)]
pub struct Board {
    inner: Mutex<Inner>,
    changed: Condvar,
}

impl Board {
    /// Shows something else.
    pub fn show(&self, shown: Shown) {
        let mut inner = self.lock();
        inner.shown = shown;
        inner.generation += 1;
        self.changed.notify_all();
    }

    /// What is shown.
    pub fn shown(&self) -> Shown {
        self.lock().shown.clone()
    }

    /// Puts the pages of a document, or why it could not be made.
    pub fn put(&self, name: &str, pages: Result<Vec<Page>, String>) {
        let mut inner = self.lock();
        if inner.made.get(name) != Some(&pages) {
            inner.made.insert(name.to_string(), pages);
            inner.generation += 1;
        }
        self.changed.notify_all();
    }

    /// The documents that somebody looks at, the last one asked for first.
    pub fn wanted(&self) -> Vec<String> {
        self.lock().wanted.clone()
    }

    /// Waits until a document is asked for that was never made.
    pub fn wait_for_want(&self, patience: Duration) -> Option<String> {
        self.wait(patience, |inner| {
            inner.wanted.iter().find(|name| !inner.made.contains_key(*name)).cloned()
        })
    }

    /// Waits until there is something newer than a generation.
    pub fn newer_than(&self, generation: u64, patience: Duration) -> Option<u64> {
        self.wait(patience, |inner| (inner.generation > generation).then_some(inner.generation))
    }

    /// What is shown, for the browser.
    pub fn state(&self) -> Value {
        let inner = self.lock();
        let shown = &inner.shown;
        let document = |(name, title): &(String, String)| json!({"nom": name, "titre": title});
        json!({
            "generation": inner.generation,
            "titre": shown.title,
            "documents": shown.documents.iter().map(document).collect::<Vec<_>>(),
            "messages": shown.messages,
            "controle": shown.findings,
            "nouveautes": shown.news,
        })
    }

    /// The fingerprints of a document's pages, once it is made; none where no
    /// document has that name, or where it takes too long.
    pub fn document(&self, name: &str, patience: Duration) -> Option<Value> {
        {
            let mut inner = self.lock();
            if !inner.shown.documents.iter().any(|(known, _)| known == name) {
                return None;
            }
            inner.wanted.retain(|wanted| wanted != name);
            inner.wanted.insert(0, name.to_string());
            self.changed.notify_all();
        }
        self.wait(patience, |inner| {
            let made = inner.made.get(name)?;
            let pages = made.as_ref().map(|pages| pages.iter().map(|page| &page.hash).collect());
            let pages: Vec<&String> = pages.unwrap_or_default();
            Some(json!({"pages": pages, "erreur": made.as_ref().err()}))
        })
    }

    /// A page of a document, from 1.
    pub fn page(&self, name: &str, number: usize) -> Option<Page> {
        let inner = self.lock();
        let pages = inner.made.get(name)?.as_ref().ok()?;
        pages.get(number.checked_sub(1)?).cloned()
    }

    fn wait<T>(&self, patience: Duration, ready: impl Fn(&Inner) -> Option<T>) -> Option<T> {
        let end = Instant::now() + patience;
        let mut inner = self.lock();
        loop {
            if let Some(found) = ready(&inner) {
                return Some(found);
            }
            let left = end.checked_duration_since(Instant::now())?;
            let waited = self.changed.wait_timeout(inner, left);
            inner = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A thread that failed while it held the lock left whole values.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Page {
        Page { hash: crate::hash::sha256(text.as_bytes()), svg: Arc::new(text.as_bytes().to_vec()) }
    }

    #[test]
    fn a_document_is_made_when_it_is_asked_for() {
        let board = Arc::new(Board::default());
        let documents = vec![("bilan".to_string(), "La brochure".to_string())];
        board.show(Shown { documents, ..Shown::default() });
        assert_eq!(board.document("autre", Duration::ZERO), None);
        let maker = board.clone();
        let making = std::thread::spawn(move || {
            let wanted = maker.wait_for_want(Duration::from_secs(10)).unwrap();
            maker.put(&wanted, Ok(vec![page("un"), page("deux")]));
        });
        let document = board.document("bilan", Duration::from_secs(10)).unwrap();
        making.join().unwrap();
        assert_eq!(document["pages"].as_array().unwrap().len(), 2);
        assert_eq!(board.page("bilan", 2), Some(page("deux")));
        assert_eq!((board.page("bilan", 0), board.page("bilan", 3)), (None, None));
    }

    #[test]
    fn only_a_change_is_new() {
        let board = Board::default();
        board.put("bilan", Ok(vec![page("un")]));
        let now = board.newer_than(0, Duration::ZERO).unwrap();
        board.put("bilan", Ok(vec![page("un")]));
        assert_eq!(board.newer_than(now, Duration::ZERO), None);
        board.put("bilan", Err("une faute".to_string()));
        assert!(board.newer_than(now, Duration::ZERO).is_some());
    }
}
