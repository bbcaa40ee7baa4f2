//! The thresholds of disclosure control.

/// The thresholds for counts and percentages, in respondents. 0 turns a rule
/// off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// A percentage, a count or a mean appears from this base on.
    pub base_minimale: usize,
    /// Set to `k`, a count of 1 to `k − 1`, or one that leaves 1 to `k − 1` of
    /// its base, is hidden.
    pub effectif_minimal: usize,
    /// The width, in respondents, of the interval an attacker must be left with
    /// for each hidden count, or as wide as its base allows.
    pub protection: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self { base_minimale: 5, effectif_minimal: 0, protection: 2 }
    }
}

impl Rules {
    /// Every threshold at 0: nothing is ever hidden.
    pub const OFF: Self = Self { base_minimale: 0, effectif_minimal: 0, protection: 0 };

    /// Whether a count is hidden for itself. On an empty base there is nothing
    /// to hide: the published base already says so.
    #[must_use]
    pub fn sensitive(&self, count: usize, base: usize) -> bool {
        self.base_too_small(base) || self.small(count) || self.small(base.saturating_sub(count))
    }

    /// Whether nothing may be shown on this base.
    #[must_use]
    pub fn base_too_small(&self, base: usize) -> bool {
        base > 0 && base < self.base_minimale
    }

    fn small(&self, count: usize) -> bool {
        count > 0 && count < self.effectif_minimal
    }
}
