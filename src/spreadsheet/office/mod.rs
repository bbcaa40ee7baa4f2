//! Office Open XML workbooks: `.xlsx` and `.xlsm`, transitional and strict.
//!
//! They are read here and not by a library because their cost has to be known:
//! parts are expanded under a limit, shared texts are kept in one piece, and
//! cells go from the stream into the sheet one by one. calamine, which reads
//! the other binary workbooks, reserves what a file claims to need.

mod cells;
mod plain;
mod strings;
mod styles;

use std::collections::HashMap;
use std::io::{Read, Seek};

use super::archive::Archive;
use super::fault::Fault;
use super::limits::{Budget, DESCRIPTION, EXPANSION};
use super::sheet::SheetBuilder;
use super::workbook::SheetInfo;
use super::xml::{Tag, for_each_element};
use strings::SharedTexts;
use styles::Styles;

/// An open workbook.
pub struct Office<R> {
    archive: Archive<R>,
    sheets: Vec<Entry>,
    dates_from_1904: bool,
    styles: Styles,
    /// The part of shared texts, and the texts once they were needed.
    texts_part: String,
    texts: Option<SharedTexts>,
    budget: Budget,
}

/// A sheet of the workbook.
struct Entry {
    info: SheetInfo,
    part: String,
}

/// A link from a part to another: what it is for, and the part.
struct Link {
    kind: String,
    part: String,
}

impl<R: Read + Seek> Office<R> {
    /// Reads what the workbook says of itself; the sheets are read when asked.
    pub fn open(mut archive: Archive<R>) -> Result<Self, Fault> {
        let workbook = links(&mut archive, "_rels/.rels", "")?
            .into_values()
            .find(|link| link.kind == "officeDocument")
            .map_or_else(|| "xl/workbook.xml".to_string(), |link| link.part);
        let (folder, name) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
        let links = links(&mut archive, &join(folder, &format!("_rels/{name}.rels")), folder)?;
        let (sheets, dates_from_1904) = contents(&mut archive, &workbook, &links)?;
        let of_kind = |kind: &str| {
            let link = links.values().find(|link| link.kind == kind);
            link.map_or_else(|| join(folder, &format!("{kind}.xml")), |link| link.part.clone())
        };
        let styles = match archive.part(&of_kind("styles"), DESCRIPTION)? {
            Some(part) => Styles::read(part)?,
            None => Styles::default(),
        };
        let texts_part = of_kind("sharedStrings");
        let budget = Budget::default();
        Ok(Self { archive, sheets, dates_from_1904, styles, texts_part, texts: None, budget })
    }

    /// The sheets of cells, in the order of the tabs.
    pub fn sheets(&self) -> impl Iterator<Item = &SheetInfo> {
        self.sheets.iter().map(|entry| &entry.info)
    }

    /// Reads the cells of a sheet, with what is left of the budget once `held`
    /// bytes are kept for other sheets.
    pub fn read(&mut self, name: &str, held: usize) -> Result<SheetBuilder, Fault> {
        let entry = self.sheets.iter().find(|entry| entry.info.name == name);
        let part_name = entry.ok_or(Fault::Absent)?.part.clone();
        match self.read_part(&part_name, held) {
            Err(Fault::TextsWanted) => {
                self.read_texts()?;
                self.read_part(&part_name, held)
            }
            result => result,
        }
    }

    fn read_part(&mut self, name: &str, held: usize) -> Result<SheetBuilder, Fault> {
        let mut budget = self.budget;
        budget.spend(held)?;
        let part = self.archive.part(name, EXPANSION)?;
        let part = part.ok_or_else(|| Fault::Damaged(format!("{name} manque")))?;
        let context = cells::Context {
            texts: self.texts.as_ref(),
            styles: &self.styles,
            dates_from_1904: self.dates_from_1904,
        };
        cells::read(part, &context, SheetBuilder::within(budget))
    }

    fn read_texts(&mut self) -> Result<(), Fault> {
        let part = self.archive.part(&self.texts_part, EXPANSION)?;
        self.texts = Some(match part {
            Some(part) => SharedTexts::read(part, &mut self.budget)?,
            None => SharedTexts::default(),
        });
        Ok(())
    }
}

/// The links of a part of links, by identifier. Parts are named from the
/// folder of the part they belong to, or from the root.
fn links<R: Read + Seek>(
    archive: &mut Archive<R>,
    name: &str,
    folder: &str,
) -> Result<HashMap<String, Link>, Fault> {
    let mut links = HashMap::new();
    let Some(part) = archive.part(name, DESCRIPTION)? else { return Ok(links) };
    for_each_element(part, |tag| {
        let (Some(id), Some(kind), Some(target)) =
            (tag.attribute("Id"), tag.attribute("Type"), tag.attribute("Target"))
        else {
            return Ok(());
        };
        let kind = kind.rsplit('/').next().unwrap_or_default().to_string();
        links.insert(id.into_owned(), Link { kind, part: join(folder, &target) });
        Ok(())
    })?;
    Ok(links)
}

/// The sheets of cells that a workbook lists, and whether it counts its days
/// from 1904.
fn contents<R: Read + Seek>(
    archive: &mut Archive<R>,
    workbook: &str,
    links: &HashMap<String, Link>,
) -> Result<(Vec<Entry>, bool), Fault> {
    let part = archive.part(workbook, DESCRIPTION)?;
    let part = part.ok_or_else(|| Fault::Damaged(format!("{workbook} manque")))?;
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    for_each_element(part, |tag| {
        match tag.name {
            "workbookPr" => {
                let flag = tag.attribute("date1904");
                from_1904 |= flag.is_some_and(|flag| matches!(flag.as_ref(), "1" | "true" | "on"));
            }
            "sheet" => sheets.extend(entry(tag, links)),
            _ => {}
        }
        Ok(())
    })?;
    Ok((sheets, from_1904))
}

/// A sheet of cells; charts and dialogs have sheets too.
fn entry(tag: &Tag<'_>, links: &HashMap<String, Link>) -> Option<Entry> {
    let name = tag.exact_attribute("name")?.into_owned();
    let link = links.get(tag.attribute("id")?.as_ref())?;
    let visible = tag.exact_attribute("state").is_none_or(|state| state == "visible");
    let entry = Entry { info: SheetInfo { name, visible }, part: link.part.clone() };
    (link.kind == "worksheet").then_some(entry)
}

/// A part's name from that of its folder.
fn join(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_string();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_named_from_their_folder_or_from_the_root() {
        assert_eq!(join("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(join("xl", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(join("xl", "../data/./sheet.xml"), "data/sheet.xml");
        assert_eq!(join("", "xl/workbook.xml"), "xl/workbook.xml");
    }
}
