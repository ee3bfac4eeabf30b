import { describe, expect, it } from "vitest";
import { Markup, markup } from "../../src/report/index.ts";
import { readHtml } from "./well-formed.ts";

describe("markup", () => {
  it("escapes what is filled in, in text and in attributes", () => {
    const hostile = `</p><script>alert("1")</script>&'`;
    const { source } = markup`<p title="${hostile}">${hostile}</p>`;
    const escaped = "&lt;/p&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;";
    expect(source).toBe(`<p title="${escaped}">${escaped}</p>`);
    expect(readHtml(source).map(({ name }) => name)).toEqual(["p"]);
  });
  it("takes markup and lists of it as they are, and nothing for what is missing", () => {
    const items = ["a<", "b"].map((item) => markup`<li>${item}</li>`);
    expect(markup`<ul>${items}</ul>${undefined}${false}${0}${new Markup("<br>")}`.source).toBe(
      "<ul><li>a&lt;</li><li>b</li></ul>0<br>",
    );
  });
  it("shows control characters and halves of characters as what they are: not text", () => {
    expect(markup`${"a\u0000b\u001Bc\ud800d\ne"}`.source).toBe("a\u{FFFD}b\u{FFFD}c\u{FFFD}d\ne");
  });
});

describe("the reader of these tests", () => {
  it.each([
    ["<p><b></p></b>", "closes another"],
    ["<p>", "Not closed"],
    ["<p>a & b</p>", "Not well-formed"],
    ["<p class=a></p>", "Not well-formed"],
    [`<p id="a" id="b"></p>`, "twice"],
    ["<p>1 < 2</p>", "Not well-formed"],
  ])("refuses %s", (page, problem) => {
    expect(() => readHtml(page)).toThrow(problem);
  });
});
