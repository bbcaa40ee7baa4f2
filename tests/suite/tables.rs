//! `bilan tableau` on the shipped edition.

use crate::support::{bilan, project};

fn table(arguments: &[&str]) -> String {
    let assert =
        bilan(&project()).args(["tableau", "inputs/2025", "--quiet"]).args(arguments).assert();
    String::from_utf8(assert.success().get_output().stdout.clone()).unwrap()
}

#[test]
fn a_question_is_tabulated_with_its_base() {
    insta::assert_snapshot!(table(&["themes"]));
    insta::assert_snapshot!(table(&["prequalification"]));
    insta::assert_snapshot!(table(&["apprenants"]));
}

#[test]
fn a_table_can_be_read_by_other_tools() {
    insta::assert_snapshot!(table(&["qpv", "--par", "region", "--format", "csv"]));
    let json: serde_json::Value =
        serde_json::from_str(&table(&["themes", "--format", "json"])).unwrap();
    assert_eq!((json["base"].as_u64(), json["sans_reponse"].as_u64()), (Some(184), Some(2)));
    assert_eq!(json["groupes"][0]["modalites"][0]["id"], "insertion");
    let share = json["groupes"][0]["modalites"][0]["pourcentage"].as_f64().unwrap();
    assert!((share - 100.0 * 121.0 / 184.0).abs() < 1e-9, "{share}");
}

#[test]
fn a_question_that_is_not_there_gets_a_suggestion() {
    let assert = bilan(&project()).args(["tableau", "inputs/2025", "temes"]).assert().code(2);
    let messages = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(messages.contains("«\u{A0}themes\u{A0}»"), "{messages}");
    let assert = bilan(&project()).args(["tableau", "inputs/2025", "q"]).assert().code(2);
    let messages = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(messages.contains("question-ambigue"), "{messages}");
}

/// The messages of a command that is not used as it should be.
fn refused(arguments: &[&str]) -> String {
    let mut command = bilan(&project());
    let assert = command.args(["tableau", "inputs/2025", "themes"]).args(arguments).assert();
    String::from_utf8(assert.code(2).get_output().stderr.clone()).unwrap()
}

#[test]
fn intervals_that_cannot_be_made_are_refused_with_a_suggestion() {
    insta::assert_snapshot!(refused(&["--niveau", "95", "--intervalle", "wilsson"]));
    insta::assert_snapshot!(refused(&["--niveau", "1", "--intervalle", "x"]));
    insta::assert_snapshot!(refused(&["--niveau", "fort"]));
}

#[test]
fn an_edition_can_be_asked_for_other_intervals() {
    let text = table(&["themes", "--niveau", "0,9", "--intervalle", "wilson", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["methode"]["niveau"], 0.9);
    assert_eq!(json["methode"]["intervalle"], "wilson");
    assert_eq!(json["groupes"][0]["modalites"][0]["methode"], "wilson");
}
