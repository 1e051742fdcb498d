const WORDS = {
  zh: {
    code: "zh-Hans", label: "检索报告", box: "检索词", go: "检索", hint: "词语、“整句”、-排除", unknown: "未知",
    city: "城市", year: "年份", type: "类型", province: "省份", filter: "筛选", drop: "去掉", clear: "全部清除",
    more: (n) => `其余 ${n} 个`, fewer: "收起", reading: "读作：", sort: "排序", found: (n) => `${n} 段`,
    from: (n) => ` · 来自 ${n} 份报告`, relevance: "相关", newest: "新的在前", oldest: "旧的在前", partly: "只满足部分条件",
    open: "打开原文", previous: "上一页", next: "下一页", page: (n, of) => `第 ${n} / ${of} 页`, busy: "正在检索…",
    none: "没有找到。换一个说法，或去掉一些条件再试。", again: "重试", all: "在协搜中打开", newTab: "（新标签页）",
    offline: "网络已断开，恢复后自动重试。", unreachable: "现在连不上检索服务。", failed: "检索没有完成。",
    wait: (n) => `检索太频繁，${n} 秒后自动重试。`, down: (n) => `检索服务暂时不能用，${n} 秒后自动重试。`,
    mixed: (base) => `这个网页是 https，检索服务 ${base} 是 http，浏览器不让读。请改用 https 的检索地址。`,
    blocked: (rule, base) => `这个网站的内容安全策略（CSP）拦下了检索。请在 ${rule} 里加上 ${base}`,
    opaque: "这个网页没有自己的来源（直接打开的文件或沙箱框架），检索服务只能用 --allow-origin '*' 允许它。",
    homeless: "没有说明检索服务的地址。请给 <xiesou-search> 加上 server 属性。",
  },
  en: {
    code: "en", label: "Search reports", box: "Search terms", go: "Search", hint: "words, “a phrase”, -without", unknown: "unknown",
    city: "City", year: "Year", type: "Type", province: "Province", filter: "Filters", drop: "Remove", clear: "Clear all",
    more: (n) => `${n} more`, fewer: "Fewer", reading: "Read as: ", sort: "Order", found: (n) => `${n} paragraphs`,
    from: (n) => ` from ${n} reports`, relevance: "Relevance", newest: "Newest first", oldest: "Oldest first", partly: "Only some of the words",
    open: "Open in report", previous: "Previous", next: "Next", page: (n, of) => `Page ${n} of ${of}`, busy: "Searching…",
    none: "Nothing found.", again: "Try again", all: "Open in Xiesou", newTab: " (new tab)",
    offline: "You are offline; the search will go on.", unreachable: "The search can't be reached now.", failed: "The search failed.",
    wait: (n) => `Too many searches; trying again in ${n} s.`, down: (n) => `The search is not available; trying again in ${n} s.`,
    mixed: (base) => `This page is https and the search ${base} is http, so browsers block it. Use an https address of the search.`,
    blocked: (rule, base) => `This site's Content Security Policy blocks the search. Add ${base} to ${rule}`,
    opaque: "This page has no origin (a local file or a sandboxed frame): the search can only allow it by --allow-origin '*'.",
    homeless: "No search server is named. Give <xiesou-search> the attribute server.",
    refused: (origin) => `This search does not allow ${origin}. Its operator can: xiesou serve --allow-origin ${origin}`,
  },
};

export const wordsOf = (lang) => (/^en/i.test(lang) ? WORDS.en : WORDS.zh);
