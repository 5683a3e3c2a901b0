//! `publish`: the map as a static site, which any web space can carry.

mod html;
mod site;

use crate::args::Publish;
use crate::exit::Exit;
use crate::failure::fail;
use crate::input;
use crate::options::Options;
use crate::output::{Output, check_new_folder, to_new_folder};
use crate::publish::site::Site;
use crate::words::Message;
use anyhow::Result;

pub(crate) fn run(args: &Publish, options: &Options, output: &Output) -> Result<Exit> {
    let Some(folder) = output.file() else {
        fail!("publish needs a folder to write to"; "add --output site/");
    };
    // Before the work, which would be for nothing.
    check_new_folder(folder)?;
    let map = input::map(options, output)?;
    let site = Site::new(&map, options, args.title.as_deref())?;
    let files = site.files(options)?;
    to_new_folder(folder, &files)?;
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    let count = |number: usize| number.to_string();
    output.note(&Message::Published.filled(
        options.lang,
        &[
            ("files", &count(files.len())),
            ("bytes", &count(bytes)),
            ("folder", &folder.display().to_string()),
        ],
    ));
    Ok(Exit::Done)
}
