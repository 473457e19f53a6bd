//! The page's own sentence, 「您是第 位來訪者」, in Chinese, English and Japanese.
//!
//! A small grammar kept as data: opener, gap, counter word, and a noun or clause that says visitor. The noun
//! decides: 您是第 3 位点赞的用户 is not ours. Pure: text in, offsets out. The tables are Simplified Chinese;
//! lines are folded before (`text`).

use crate::gap::{self, Gap, ORDINAL};
use crate::text::{Text, is_at, is_latin, is_stop, skip, skip_spaces, unit, word, words};
use core::num::NonZeroUsize;

/// Between 您是 and 第 there may be as much: 您是雲溪新聞網自2008年1月1日以來的第.
const MAX_BETWEEN: usize = 40;

/// The sentence that begins at `at`, if one does there: the gap for its number.
pub fn at(text: &Text, at: usize) -> Option<Gap> {
    chinese(text, at).or_else(|| japanese(text, at)).or_else(|| english(text, at))
}

/// 您是…第 ▢ 位…訪客
fn chinese(text: &Text, at: usize) -> Option<Gap> {
    let at = word(text, at, words!("您|你|阁下"))?.get();
    let at = skip(text, at, words!("已经|已|现在|目前|今天|今日|正|将|便|就|好像| "));
    let at = word(text, at, words!("是|为"))?.get();
    if is_at(text, at, words!("否|不|谁|非|哪|怎|何|我见")) {
        return None;
    }
    between(text, at, |at| {
        let gap = gap::read(text, word(text, at, words!("第|第：|第:"))?.get())?;
        let after = word(text, gap.end, words!("位|个|名|号|人次|人"))?.get();
        says_visitor(text, after, is_at(text, gap.end, words!("人次"))).then_some(gap)
    })
}

/// Whether a visitor is meant by what stands at `at`, right after the counter word: a noun, somebody who does
/// what visitors do (访问…者, 访问本站的…), or that this is what is done (光临本站).
fn says_visitor(text: &Text, at: usize, counts_visits: bool) -> bool {
    let at = match gap::read(text, at) {
        Some(gap) if gap.number.is_none() => gap.end,
        _ => at,
    };
    let at = skip(text, at, QUALITIES);
    if let Some(end) = word(text, at, NOUNS) {
        return !is_at(text, end.get(), ANOTHER_NOUN);
    }
    if counts_visits && is_end(text, at) {
        return true;
    }
    let Some(verb) = word(text, at, VERBS) else { return false };
    let place =
        skip(text, skip(text, verb.get(), words!("了|过|的")), words!("本|我们|我的|我|此|该|这里|这"));
    let end = skip(text, place, words!("站|网|页|面|主|店|校|馆|院|所|会|论坛|博客|空间|部落格|文|里"));
    if end == verb.get() {
        return counts_visits || is_at(text, end, words!("者|人"));
    }
    is_at(text, end, words!("的|者|人")) || is_at(text, end, NOUNS) || is_end(text, end)
}

const QUALITIES: &[u8] = words!("尊贵|尊敬|亲爱|有缘|幸运|来的|网上|在线|新|热心|忠实|本站|我们|我站|的");
const NOUNS: &[u8] = words!(
    "来访者|访客|访者|来宾|贵宾|嘉宾|宾客|来客|贵客|顾客|客人|客户|读者|游客|游人|旅客|观众|朋友|网友|网民|用户|使用者|来者"
);
/// A noun that goes on is another: 客户经理, 用户名, 读者群.
const ANOTHER_NOUN: &[u8] = words!("经|代|名|组|群|服|端|协|中心|评|点|奖");
const VERBS: &[u8] = words!(
    "访问|光临|浏览|来到|造访|拜访|到访|来访|参观|进入|踏入|走进|登陆本站|登录本站|莅临|阅读|观看|观赏"
);

/// あなたは… ▢ 人目の訪問者
fn japanese(text: &Text, at: usize) -> Option<Gap> {
    let at = word(text, at, words!("あなたは|あなたは、|あなた様は|あなたが|贵方は"))?.get();
    between(text, at, |at| {
        let gap = gap::read(text, at)?;
        let at = word(text, gap.end, words!("人目の|番目の|名目の|人めの|名様目の"))?.get();
        let at = skip(text, at, words!("ご|お|御|新しい"));
        let nouns = words!("访问|来访|客|来场|ビジター|ゲスト|阅览|読者|参观|利用者|方");
        is_at(text, at, nouns).then_some(gap)
    })
}

/// Tries `read` at each place before the sentence, or a part of it, ends.
fn between(text: &Text, start: usize, read: impl Fn(usize) -> Option<Gap>) -> Option<Gap> {
    for at in start..start + MAX_BETWEEN {
        let gap = read(at);
        if gap.is_some() {
            return gap;
        }
        if is_stop(text, at) || is_at(text, at, words!("见|想|说|觉|认|知道")) {
            break;
        }
    }
    None
}

/// You are visitor number ▢; you are our ▢th visitor
fn english(text: &Text, at: usize) -> Option<Gap> {
    if is_latin(unit(text, at.wrapping_sub(1))) {
        return None;
    }
    let at = word(text, at, words!("you are|you're|you’re"))?.get();
    let at = skip(text, at, words!(" |the|our|my|now|currently"));
    let Some(noun) = word(text, at, words!("visitor|guest|viewer|reader")) else {
        return english_ordinal(text, at);
    };
    let at = skip_spaces(text, noun.get());
    let marker = word(text, at, words!("number|no.|no|nr.|#|№|num."));
    let gap = gap::read(text, skip(text, marker.map_or(at, NonZeroUsize::get), words!(":|：")))?;
    let is_asked = marker.is_some() || gap.number.is_some() || gap.is_marked;
    (is_asked && english_ends(text, gap.end)).then_some(gap)
}

/// ▢th visitor
fn english_ordinal(text: &Text, at: usize) -> Option<Gap> {
    let mut gap = gap::read(text, at)?;
    let after = word(text, gap.end, words!("st|nd|rd|th"))?.get();
    let noun = word(text, skip_spaces(text, after), words!("visitor|guest|viewer|person to visit"))?.get();
    if !english_ends(text, noun) {
        return None;
    }
    if let Some(number) = &mut gap.number {
        number.style |= ORDINAL;
        gap.to = after;
        return Some(gap);
    }
    gap.is_marked.then_some(gap)
}

/// Whether the English sentence may end at `at`: nothing follows, or nothing that makes it another sentence.
fn english_ends(text: &Text, at: usize) -> bool {
    let at = skip_spaces(text, at);
    let more = words!("to this|to our|to my|to the|since|here|today|so far|on |of |at ");
    !is_latin(unit(text, at)) || is_at(text, at, more)
}

/// Whether nothing but spaces stands between `at` and the end of the sentence.
fn is_end(text: &Text, at: usize) -> bool {
    let at = skip_spaces(text, at);
    is_stop(text, at) || is_at(text, at, words!(")|）|】|」|』|”|\"|~|～|.|-|—|…|^"))
}

#[cfg(test)]
mod tests;
