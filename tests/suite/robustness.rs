//! The templates on random editions: nothing runs out of a page, stands on
//! another text, or leaves a heading alone, whatever the data.

use crate::random::{Answers, ORDINARY, Portrait, Random};

fn holds(portrait: Portrait) {
    let faults = Random::new(portrait).faults();
    let shown: Vec<&String> = faults.iter().take(25).collect();
    assert!(faults.is_empty(), "{} faults with {portrait:?}:\n{shown:#?}", faults.len());
}

#[test]
fn an_ordinary_edition_is_tidy() {
    holds(ORDINARY);
}

#[test]
fn long_lists_of_long_names_find_their_pages() {
    holds(Portrait { seed: 2, projects: [120, 1, 48], longest: 300, ..ORDINARY });
}

#[test]
fn an_edition_without_cards_texts_or_answers_is_tidy() {
    holds(Portrait {
        seed: 3,
        projects: [1, 2, 1],
        cards: false,
        texts: false,
        answers: Answers::None,
        missing: 60,
        ..ORDINARY
    });
}

#[test]
fn hidden_figures_are_shown_as_hidden() {
    holds(Portrait { seed: 4, answers: Answers::Hidden, ..ORDINARY });
}

#[test]
fn strange_scripts_emoji_and_long_words_find_their_place() {
    holds(Portrait { seed: 5, projects: [12, 9, 2], longest: 200, strange: true, ..ORDINARY });
}

#[test]
fn questions_with_many_options_go_on_over_pages() {
    holds(Portrait {
        seed: 6,
        projects: [2, 5, 1],
        options: 70,
        missing: 90,
        longest: 120,
        ..ORDINARY
    });
}

#[test]
fn names_of_one_character_and_one_project_a_region_are_tidy() {
    holds(Portrait { seed: 7, projects: [1, 1, 1], longest: 1, options: 2, ..ORDINARY });
}

#[test]
fn the_worst_of_everything_at_once_is_tidy() {
    holds(Portrait {
        seed: 8,
        projects: [120, 31, 30],
        longest: 300,
        answers: Answers::Hidden,
        strange: true,
        missing: 50,
        options: 40,
        ..ORDINARY
    });
}

/// Where the end of a sheet falls on its page decides what follows; the
/// compiler must come to rest wherever it falls.
#[test]
fn sheets_of_any_length_come_to_rest() {
    for seed in 10..22 {
        let few = seed as usize - 9;
        let answers = if seed % 3 == 0 { Answers::Some } else { Answers::Hidden };
        let portrait =
            Portrait { seed, projects: [few, few + 3, 2 * few], longest: 60, answers, ..ORDINARY };
        let faults = Random::new(portrait).sheet_faults();
        assert!(faults.is_empty(), "{portrait:?}:\n{faults:#?}");
    }
}
