//! Which labels name which count, and what is only prose.

use super::*;
use crate::text::fold;

fn found(text: &str, in_head: bool) -> Option<(usize, String)> {
    let mut units: Vec<u16> = text.encode_utf16().collect();
    let original = units.clone();
    fold(&mut units);
    let Label { metric, gap } = (0..units.len()).find_map(|start| at(&units, start, in_head))?;
    let text = |units: &[u16]| String::from_utf16(units).unwrap();
    Some((metric, format!("{}#{}", text(&original[..gap.from]), text(&original[gap.to..]))))
}

#[test]
fn a_label_names_its_count() {
    for (text, metric, expected) in [
        ("總訪問量：", SITE_VIEWS, "總訪問量：#"),
        ("本站总访问量 次", SITE_VIEWS, "本站总访问量 # 次"),
        ("瀏覽人次：0", SITE_VIEWS, "瀏覽人次：#"),
        ("浏览次数：", SITE_VIEWS, "浏览次数：#"),
        ("訪客人數: 7", SITE_VISITORS, "訪客人數: #"),
        ("參觀人數：______", SITE_VISITORS, "參觀人數：#"),
        ("今日訪問：", VIEWS_TODAY, "今日訪問：#"),
        ("今日访客：0人", VISITORS_TODAY, "今日访客：#人"),
        ("在线人数：", ONLINE, "在线人数：#"),
        ("本文閱讀 次", PAGE_VIEWS, "本文閱讀 # 次"),
        ("本頁瀏覽：0 次", PAGE_VIEWS, "本頁瀏覽：# 次"),
        ("點閱：\u{fffb}", PAGE_VIEWS, "點閱：#"),
        ("点击（0）", SITE_VIEWS, "点击（#）"),
        ("来源：云溪网 | 访问量：", SITE_VIEWS, "来源：云溪网 | 访问量：#"),
        ("累積訪問量：0", SITE_VIEWS, "累積訪問量：#"),
        ("访问用户：0", SITE_VISITORS, "访问用户：#"),
        ("访客数：", SITE_VISITORS, "访客数：#"),
        ("浏览量\u{fffb}次", SITE_VIEWS, "浏览量#次"),
        ("您好！本站访问人数：", SITE_VISITORS, "您好！本站访问人数：#"),
    ] {
        assert_eq!(found(text, false), Some((metric, expected.to_owned())), "{text}");
    }
}

#[test]
fn in_an_articles_head_views_are_the_pages_own() {
    for (text, metric) in [
        ("浏览次数：", PAGE_VIEWS),
        ("总访问量：", SITE_VIEWS),
        ("本站浏览量：", SITE_VIEWS),
        ("访问量：", PAGE_VIEWS),
    ] {
        assert_eq!(found(text, true).map(|found| found.0), Some(metric), "{text}");
    }
}

#[test]
fn prose_is_no_label() {
    for text in [
        "提高网站访问量的办法",
        "我们的访问量很高",
        "访问量 排名第一",
        "访问量，是一个指标",
        "点击：查看详情",
        "点击查看",
        "延伸阅读：",
        "阅读：",
        "请点击 这里",
        "在线客服",
        "浏览：首页",
        "访问我们",
        "访客须知：",
        "人气美食",
        "今日访客须知",
    ] {
        assert_eq!(found(text, false), None, "{text}");
    }
}
