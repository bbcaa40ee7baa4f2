//! `bilan` turns the questionnaire spreadsheets of the DEFFINOV Tiers-Lieux
//! programme into its national bilan.
pub mod assets;
pub mod charts;
pub mod checks;
pub mod cli;
pub mod codebook;
pub mod commands;
pub mod diagnostics;
pub mod draft;
pub mod edition;
pub mod exports;
pub mod geography;
pub mod hash;
pub mod indicators;
pub mod maps;
pub mod matching;
pub mod output;
pub mod prose;
pub mod published;
pub mod register;
pub mod report;
pub mod settings;
pub mod spreadsheet;
pub mod survey;
pub mod tabulation;
pub mod typography;
pub mod typst_cli;
