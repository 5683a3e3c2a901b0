// Texts of the page, in English and Chinese, and the elements that they go into. Text of the map only ever goes into the
// page as text.

const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);

const WORDS = {
  skip: ["Skip to the details", "跳到详情"],
  search: ["Search players and claims", "搜索参与者和说法"],
  print: ["Print", "打印"],
  picture: ["The board", "棋盘"],
  says: ["What the board says", "棋盘要点"],
  parts: ["List or board", "列表或棋盘"],
  boardTab: ["Board", "棋盘"],
  listTab: ["List", "列表"],
  tools: ["Size and files", "大小与下载"],
  closer: ["Larger", "放大"],
  farther: ["Smaller", "缩小"],
  whole: ["Fit", "适合"],
  time: ["Day", "日期"],
  earlier: ["Earlier", "更早"],
  later: ["Later", "更晚"],
  play: ["Play", "播放"],
  pause: ["Pause", "暂停"],
  side: ["Filters and details", "筛选与详情"],
  filters: ["Filters", "筛选"],
  families: ["Kinds of arrows", "箭头类别"],
  status: ["At least this firm", "至少达到"],
  amount: ["Worth at least", "金额至少"],
  reset: ["Show everything again", "恢复全部"],
  any: ["any", "不限"],
  investment: ["investment", "投资"],
  supply: ["supply", "供应"],
  influence: ["influence", "影响"],
  control: ["who leads or controls whom", "领导与控制"],
  otherInfluence: ["other influence", "其他影响"],
  dark: ["Dark", "深色"],
  light: ["Light", "浅色"],
  back: ["← Back to the list", "← 返回列表"],
  onBoard: ["On the board", "在棋盘上"],
  putOn: ["Put on the board", "放上棋盘"],
  takeOff: ["Take off the board", "移出棋盘"],
  around: ["Show only it and its partners", "只看它和与它往来者"],
  seeBoard: ["See it on the board", "在棋盘上查看"],
  usual: ["Back to the usual players", "恢复默认参与者"],
  loops: ["Where the money goes round", "资金循环"],
  noLoops: ["Nothing goes round among the edges that are shown.", "所显示的关系中没有循环。"],
  allLoops: ["Light all again", "全部点亮"],
  steps: ["Step by step", "逐步"],
  players: ["Players on the board", "棋盘上的参与者"],
  others: ["Players that are not on the board", "不在棋盘上的参与者"],
  changes: ["What changed", "变化"],
  came: ["Came", "新增"],
  went: ["Went", "消失"],
  changed: ["Changed", "变动"],
  standing: ["Standing", "地位"],
  figures: ["Figures", "数据"],
  dependence: ["Who depends on whom", "依赖关系"],
  sideSupply: ["Of what it buys", "采购来源"],
  sideFunding: ["Of the money it gets", "资金来源"],
  sideSales: ["Of what it sells", "销售去向"],
  sidePortfolio: ["Of what it puts into others", "对外投入去向"],
  through: ["Loops through it", "经过它的循环"],
  near: ["Loops that lack one leg", "只差一环的循环"],
  conflicts: ["What the sources do not agree on", "来源之间的分歧"],
  out: ["What it does to others", "对外关系"],
  into: ["What others do to it", "外部对它的关系"],
  gone: ["Not on the board on this day or left out by a filter", "当日不在棋盘上或被筛除"],
  claims: ["Who says so", "出处与说法"],
  source: ["Source", "来源"],
  sources: ["Sources", "来源"],
  since: ["Since", "始于"],
  until: ["Until", "止于"],
  deal: ["Deal", "交易"],
  state: ["Status", "状态"],
  value: ["Value", "数值"],
  none: ["No claim is on record.", "没有记录任何说法。"],
  nothing: ["Nothing found.", "未找到。"],
  disputed: ["The claims about it cannot all be right.", "各说法不可能同时成立。"],
  unknown: ["amount not known", "金额不详"],
  aliases: ["Also called", "别称"],
  read: ["How to read it", "图例"],
  keyboard: ["With the keyboard", "键盘操作"],
  firm: ["committed or done", "已承诺或完成"],
  partly: ["partly committed", "部分已承诺"],
  loose: ["not committed yet", "尚未承诺"],
  unstated: ["no status stated", "状态不明"],
  inParts: ["see its parts", "见各部分"],
  person: ["a person", "人物"],
  close: ["Close this message", "关闭提示"],
  svg: ["Save as SVG", "存为 SVG"],
  png: ["Save as PNG", "存为 PNG"],
  csv: ["Save as CSV", "存为 CSV"],
};
/** The least amounts of the filter, and their words. */
const AMOUNTS = [
  [0, ["any", "不限"]], [1e6, ["1 million", "100 万"]], [1e8, ["100 million", "1 亿"]], [1e9, ["1 billion", "10 亿"]],
  [1e10, ["10 billion", "100 亿"]], [1e11, ["100 billion", "1000 亿"]],
];

/** The language: 0 for English, 1 for Chinese. */
let tongue = data.lang === "zh" ? 1 : 0;

const word = (key) => WORDS[key][tongue];
const pick = (words) => (words ? words[tongue] : "");
const say = (english, chinese) => [english, chinese][tongue];
const count = (n, english, chinese) => say(`${n} ${english}${n === 1 ? "" : "s"}`, `${n} ${chinese}`);
const listed = (texts) => texts.join(say(", ", "、"));
const colon = () => say(": ", "：");

const typeWords = (player) => pick(data.types[player.type].words);
const name = (number) => pick(data.players[number].name);
const statusOf = (key) => data.statuses.findIndex((status) => status.name === key);
const statusText = (key) => (key ? pick(data.statuses[statusOf(key)]?.words) : "");

/** A new element; children are elements or text. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== undefined && value !== null) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** A new element of a drawing. */
function draw(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null) continue;
    element.setAttribute(key, typeof value === "number" ? Math.round(value * 100) / 100 : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}
