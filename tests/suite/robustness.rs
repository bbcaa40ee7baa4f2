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
