//! Sentences that ask for a number, and those that only look like it.

use super::*;
use crate::text::{fold, length, of};

/// The sentence with its gap in brackets, if one is found.
fn filled(text: &str) -> Option<String> {
    let mut units = of(text);
    let original = units.clone();
    fold(&mut units);
    let gap = (0..length(&units)).find_map(|start| at(&units, start))?;
    let text = |units: &[u16]| String::from_utf16(units).unwrap();
    Some(format!("{}#{}", text(&original[..gap.from]), text(&original[gap.to..length(&original)])))
}

#[test]
fn a_gap_before_a_visitor_is_found() {
    for (text, expected) in [
        ("您是第位來訪者", "您是第#位來訪者"),
        ("歡迎光臨！您是第 位來訪者。", "歡迎光臨！您是第 # 位來訪者。"),
        ("您是第\u{a0}\u{a0}位访客", "您是第\u{a0}#\u{a0}位访客"),
        ("您是第\u{3000}位訪客", "您是第\u{3000}#\u{3000}位訪客"),
        ("你是本站的第 个游客", "你是本站的第 # 个游客"),
        ("您是第 位訪問本站的人", "您是第 # 位訪問本站的人"),
        ("您是第 位光臨本站", "您是第 # 位光臨本站"),
        ("您是第____名读者", "您是第#名读者"),
        ("您是第一次来吗？您是第 位访客", "您是第一次来吗？您是第 # 位访客"),
        ("自2008年10月1日以來，您是本站的第 123 位訪客", "自2008年10月1日以來，您是本站的第 # 位訪客"),
        ("您是本站自2008年10月1日以来的第 123 位访客", "您是本站自2008年10月1日以来的第 # 位访客"),
        ("您是雲溪新聞網的第00123位貴賓", "您是雲溪新聞網的第#位貴賓"),
        ("您是本站第 12345 人次", "您是本站第 # 人次"),
        ("您是第 12345 人次访问", "您是第 # 人次访问"),
        ("您是第【123】位尊贵的客人", "您是第【#】位尊贵的客人"),
        ("您已是第 9 位幸運訪客", "您已是第 # 位幸運訪客"),
        ("您是第：123 位访客", "您是第：# 位访客"),
        ("您是第 123 位登陆本站的用户", "您是第 # 位登陆本站的用户"),
        ("You are visitor number .", "You are visitor number # ."),
        ("you are visitor No.123", "you are visitor No.#"),
        ("You are visitor #000123 since 2001", "You are visitor ## since 2001"),
        ("You are our 122nd visitor!", "You are our # visitor!"),
        ("You are visitor 99 to our site", "You are visitor # to our site"),
        ("あなたは 人目の訪問者です", "あなたは # 人目の訪問者です"),
        ("あなたは開設以来 00123 番目のお客様です", "あなたは開設以来 # 番目のお客様です"),
        ("あなたは123人目のビジターです", "あなたは#人目のビジターです"),
    ] {
        assert_eq!(filled(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn look_alikes_are_left_alone() {
    for text in [
        "您是第一次來訪",
        "每一位來訪者",
        "您是第 3 位点赞的用户",
        "您是第 12 位登录的用户",
        "您是第位集齐邮票的人",
        "您是本站的第52位会员",
        "您是第 12 34 位访客",
        "您是第 12345678901234567 位访客",
        "您是第 5 次访问",
        "您是第 位 3 访客",
        "您是第x位访客",
        "您是否知道第 3 位访客是谁",
        "您是我见过的第 3 位访客",
        "您是谁？第 3 位访客是我",
        "您是第 3 位客户经理",
        "您是第 3 位获奖的读者",
        "他是第 位訪客",
        "您是第 位",
        "您是第",
        "You are visitor number one in our hearts",
        "You are the 3 visitors",
        "You are the 3rd visitor to like this page",
        "You are visitor number 3 to like this page",
        "You are the best visitor",
        "You are visitor",
        "Are you a visitor? No. 5 is free",
        "あなたは3番目の子どもです",
        "あなたは人目の多い所が好き",
        "",
    ] {
        assert_eq!(filled(text), None, "{text}");
    }
}
