//! What goes wrong is said in Chinese where that is the language.

use std::process::Command;

/// Returns what the program says on stderr.
fn told(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_powermap"))
        .args(["--lang", "zh"])
        .args(arguments)
        .output()
        .unwrap();
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn errors_and_hints_are_in_chinese() {
    for (arguments, expected) in [
        (
            "board --as-of 1900-01-01 --output never.svg",
            "错误：当日的棋局上没有关系\n",
        ),
        (
            "board --loop openai,intel --output never.svg",
            "错误：图上 OpenAI 与 intel 之间没有关系，循环无法经过\n",
        ),
        (
            "what-if",
            "错误：what-if 需要参数“without”：请给出一个参与者（without）、一条关系（without-edge），或一条关系及其金额\n",
        ),
        (
            "show openai --as-of 2025-13-45",
            "应为：2025-10-15、2025-10、2025-Q4、2025-H2、2025 这样的日期，或 2019/2025、../2029 这样的区间\n",
        ),
        (
            "show openai --policy foo",
            "“foo”不能用作 --policy <POLICY> 的值；应为：以下之一：weighed, latest, lowest",
        ),
        (
            "board --top 0",
            "的值；应为：1 到 256 之间的整数，例如 16\n",
        ),
        (
            "show openai --width 5",
            "的值；应为：10 到 10000 之间的整数，例如 100\n",
        ),
        (
            "loops --timeout 0",
            "的值；应为：大于 0 的秒数，例如 10 或 0.5\n",
        ),
        (
            "show openai --format foo",
            "rdfxml, jsonld；棋局还可用 svg, png",
        ),
        (
            "query SELECT",
            "错误：1:7: 文本过早结束\n  SELECT\n        ^\n",
        ),
        ("query ASK{?x~foo:bar~?y}", "错误：1:8: 未知前缀 foo:\n"),
        (
            "query ASK{?x~foo:bar~?y}",
            "提示：是否指 foaf:bar？请用 PREFIX foo: <http://…> 声明；",
        ),
        (
            "show openai --map never",
            "错误：never：操作失败（打开地图）：没有该文件或文件夹（os error 2）\n",
        ),
        ("ask nosuch", "\n提示：powermap ask 列出全部\n"),
        (
            "ask investments-in",
            "错误：查询 investments-in 需要参数 player（player，必填）\n\n提示：例如 powermap ask",
        ),
        (
            "ask investments-in --whom x",
            "player（player，必填）, lang（lang，默认 en）",
        ),
        ("who owns openai", "powermap ask 列出可问的问题"),
    ] {
        let words: Vec<String> = arguments
            .split(' ')
            .map(|word| word.replace('~', " "))
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let told = told(&words);
        assert!(told.contains(expected), "{arguments}: {told}");
    }
}

#[test]
fn warnings_about_tables_are_in_chinese() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "from,to,family,kind\nx,y,investment,equity\n";
    std::fs::write(folder.path().join("edges.csv"), rows).unwrap();
    let told = told(&["--map", folder.path().to_str().unwrap(), "check"]);
    let expected = "警告：edges.csv:2:1: 参与者“x”不在任何参与者表中，将作为同名公司加入（请在 players.csv 中加上“x,company”这样的一行）";
    assert!(told.starts_with(expected), "{told}");
}
