//! An edition read whole: its inputs, what does not hold in them, and the
//! earlier year that it names.
//!
//! What does not depend on one another is read side by side.

use std::path::Path;
use std::thread::{ScopedJoinHandle, scope};

use super::comparer::{compared, named_by};
use super::{Loaded, load, texts};
use crate::assets::Assets;
use crate::checks::Finding;
use crate::comparison::Comparison;
use crate::diagnostics::{Diagnostics, Failure};
use crate::edition::{Earlier, Edition};
use crate::exports::{changed_inputs, hash_inputs};
use crate::geography::Geography;
use crate::quality::Quality;
use crate::report::Inputs;

/// All that documents are made from.
pub struct Material {
    pub loaded: Loaded,
    pub geography: Geography,
    /// How good the response is.
    pub quality: Quality,
    /// The change since the year before, where the edition names one.
    pub comparison: Option<Comparison>,
    /// The year before.
    earlier: Option<Loaded>,
    /// The fingerprint of what the geography was read from.
    geography_read: Option<String>,
}

impl Material {
    /// Findings as files tell them: without answers that no figure shows.
    pub fn in_files(&self, findings: &[Finding]) -> Vec<Finding> {
        findings.iter().cloned().map(|finding| self.loaded.in_files(finding)).collect()
    }

    /// Reads an edition, the earlier one beside it.
    ///
    /// # Errors
    ///
    /// Faults of the inputs of both, all of an edition at once.
    pub fn read(folder: &Path, assets: &Assets) -> Result<Self, Failure> {
        Self::read_but(folder, assets, None)
    }

    /// Reads again what changed since: only the texts where nothing else did,
    /// all but the earlier edition where that stands.
    ///
    /// # Errors
    ///
    /// As [`Material::read`].
    pub fn renewed(self, folder: &Path, assets: &Assets) -> Result<Self, Failure> {
        let edition = &self.loaded.edition;
        let now = hash_inputs(edition).unwrap_or_default();
        let changed = changed_inputs(&self.loaded.inputs, &now);
        let is_text = |file: &String| edition.folder.join(file).starts_with(&edition.sources.texts);
        let texts_only = changed.iter().all(is_text);
        if !texts_only || self.geography_read != Geography::fingerprint(assets) {
            return Self::read_but(folder, assets, self.earlier.filter(Loaded::stands));
        }
        let loaded = Loaded { texts: texts(edition), inputs: now, ..self.loaded };
        Ok(Self { loaded, ..self })
    }

    /// `before` is the earlier edition, where it need not be read again.
    fn read_but(folder: &Path, assets: &Assets, before: Option<Loaded>) -> Result<Self, Failure> {
        let geography_read = Geography::fingerprint(assets);
        scope(|threads| {
            let geography = threads.spawn(|| Geography::load(assets));
            let earlier = threads.spawn(|| read_earlier(folder, before));
            let loaded = load(folder)?;
            let geography = ended(geography).map_err(Failure::input)?;
            let (quality, change) = scope(|threads| {
                let change = threads.spawn(|| change(&loaded, ended(earlier)));
                (loaded.quality(), ended(change))
            });
            let (comparison, earlier) = change?;
            let quality = quality?;
            Ok(Self { loaded, geography, quality, comparison, earlier, geography_read })
        })
    }

    /// What does not hold, placed within the edition, and the known findings
    /// that are no more.
    pub fn findings(&self) -> (Vec<Finding>, Diagnostics) {
        let folder = &self.loaded.edition.folder;
        let (findings, unused) = self.loaded.findings(&self.geography);
        (findings.into_iter().map(|finding| finding.within(folder)).collect(), unused)
    }

    /// What documents are made from, findings aside.
    pub fn inputs(&self) -> Inputs<'_> {
        let loaded = &self.loaded;
        Inputs {
            edition: &loaded.edition,
            register: &loaded.register,
            figures: &loaded.published_figures,
            geography: &self.geography,
            quality: &self.quality,
            codebook: &loaded.survey.codebook,
            sampling: loaded.plan.in_words(),
            comparison: self.comparison.as_ref(),
        }
    }
}

/// The edition that another names as the earlier one, and who says so.
type Before = Option<(Earlier, Result<Loaded, Failure>)>;

fn read_earlier(folder: &Path, kept: Option<Loaded>) -> Before {
    // Its faults are told by who reads it.
    let edition = Edition::read(folder, &mut Diagnostics::new())?;
    let earlier = edition.earlier?;
    let kept = kept.filter(|loaded| loaded.edition.folder == earlier.folder);
    let loaded = kept.map_or_else(|| load(&earlier.folder), Ok);
    Some((earlier, loaded))
}

/// The change since the earlier edition, and that edition.
fn change(
    loaded: &Loaded,
    before: Before,
) -> Result<(Option<Comparison>, Option<Loaded>), Failure> {
    let Some((named, earlier)) = before else { return Ok((None, None)) };
    let by = |failure| named_by(&named, failure);
    let earlier = earlier.map_err(by)?;
    let comparison = compared(&earlier, loaded).map_err(by)?;
    Ok((Some(comparison), Some(earlier)))
}

/// What a thread made; its panic is that of who waits for it.
fn ended<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

impl Loaded {
    /// Whether the files that it was read from are what they were.
    fn stands(&self) -> bool {
        hash_inputs(&self.edition).is_ok_and(|now| now == self.inputs)
    }
}
