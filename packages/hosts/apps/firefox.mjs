// The snippet in Firefox: searches by typing, takes a filter, a suggestion and a dark ground, and says what it saw, as JSON.
import puppeteer from "puppeteer-core";

const [address, executablePath] = process.argv.slice(2);
const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true, args: ["--width=1000", "--height=900"] });
try {
  const page = await browser.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  await page.goto(address);
  const inside = (read) => page.evaluate(`((root, one) => ${read})(document.querySelector("xiesou-search").shadowRoot, document.querySelector("xiesou-search"))`);
  const until = (read) => page.waitForFunction(`((root, one) => ${read})(document.querySelector("xiesou-search")?.shadowRoot, document.querySelector("xiesou-search"))`, { timeout: 15000 });
  await until("root?.querySelector('input')");
  await inside("one.focus()");
  await page.keyboard.type("通化");
  await until("root.querySelector('[role=option]')");
  const suggested = await inside("root.querySelector('[role=option]').textContent");
  await inside("(root.querySelector('input').value = '')");
  await page.keyboard.type("营商环境");
  await page.keyboard.press("Enter");
  await until("root.querySelector('.hit mark')");
  const total = await inside("one.answer.total");
  await inside("root.querySelector('button.value').click()");
  await until("root.querySelector('.chip')");
  const focused = await inside("root.activeElement.dataset.key ?? ''");
  await page.evaluate("document.body.style.background = 'oklch(20% 0.02 250)'");
  await until("root.querySelector('.root.dark')");
  const marked = await inside("root.querySelector('mark').textContent");
  await inside("(one.style.display = 'none')");
  const hidden = await inside("one.getBoundingClientRect().height === 0");
  console.log(JSON.stringify({ suggested, total, focused, marked, hidden, address: page.url(), troubles }));
} finally {
  await browser.close();
}
