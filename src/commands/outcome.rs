//! How a command that ran ended.

use crate::diagnostics::Diagnostics;

/// What a command has to say once it is done.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// What goes to the standard output.
    pub text: String,
    /// What was found on the way and stopped nothing.
    pub warnings: Diagnostics,
    /// The last words on the standard error, after what was found.
    pub closing: String,
    /// Whether there are findings of the severity asked for: exit code 1.
    pub findings: bool,
}

impl Outcome {
    /// A text to print.
    pub fn text(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// Adds what was found on the way.
    pub fn with(self, warnings: Diagnostics) -> Self {
        Self { warnings, ..self }
    }

    /// The process exit code.
    pub fn exit_code(&self) -> u8 {
        u8::from(self.findings)
    }
}
