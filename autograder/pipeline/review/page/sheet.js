// The grading sheet. Everything that students wrote is put on the page as text (textContent), never as markup; the
// page's policy forbids anything else.
"use strict";

const token = takeToken();
const drafts = new Map();  // group id → what a person has typed and not saved
let sheet = null, question = null, current = null, saving = false;

const at = (id) => document.getElementById(id);

function takeToken() {
  const given = location.hash.slice(1);
  if (given) {
    sessionStorage.setItem("token", given);
    history.replaceState(null, "", location.pathname);  // a shared screen or a bookmark does not show it
  }
  return sessionStorage.getItem("token") || "";
}

function make(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "class") made.className = value;
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

function say(text, wrong) {
  at("said").textContent = text;
  at("said").className = wrong ? "wrong" : "";
}

async function send(path, body) {
  const headers = {Authorization: "Bearer " + token};
  const options = body ? {method: "POST", headers: {...headers, "Content-Type": "application/json"},
                          body: JSON.stringify(body)} : {headers};
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("The sheet is not running any more. What was saved is in the gradebook; run the same command " +
                    "again and open the address that it prints.");
  }
  return {status: answer.status, found: await answer.json()};
}

// --- what is shown ---------------------------------------------------------------------------------------------------

const number = (points) => String(Math.round(points * 1e6) / 1e6);
const shown = () => {
  const wanted = at("search").value.trim().toLowerCase();
  return question.groups.filter((group) => !wanted || [group.text, ...group.more].join("\n").toLowerCase().includes(wanted));
};

function showQuestions() {
  at("title").textContent = sheet.title;
  document.title = "Grading sheet · " + sheet.title;
  at("question").replaceChildren(...sheet.questions.map((one) => {
    const open = countOpen(one);
    return make("option", {value: one.task, selected: one === question},
                `${one.title} (${open ? open + " open" : "all marked"})`);
  }));
}

const countOpen = (one) => one.groups.filter((group) => group.open).reduce((sum, group) => sum + group.count, 0);
const countAll = (one) => one.groups.reduce((sum, group) => sum + group.count, 0);

function showAbout() {
  const lines = question.rubric.map((line) => make("li", {}, `${line.text} (${line.points > 0 ? "+" : "−"}${number(Math.abs(line.points))})`));
  at("about").scrollTop = 0;
  at("about").replaceChildren(
    make("h2", {}, "Model answer"), make("pre", {dir: "auto"}, question.model || "There is none on this machine."),
    make("h2", {}, "Rubric"), lines.length ? make("ol", {}, ...lines) : make("p", {class: "soft"}, `None: 0 to ${number(question.points)} points.`),
    make("h2", {}, "Question"), make("pre", {dir: "auto"}, question.prompt),
    make("details", {}, make("summary", {}, "Keys"), showKeys()));
}

function showKeys() {
  const keys = [
    [question.rubric.length ? "1 – 9" : "0 – 9", question.rubric.length ? "tick a line of the rubric" : "that many points"],
    ["f", "full points"], ["0", "no points"], ["p", "other points"], ["c", "comment"],
    ["Enter", "save, and open the next answer (in a comment: Ctrl+Enter)"], ["Esc", "leave a field"],
    ["j  k", "next, previous answer"], ["n", "next open answer"], ["s", "same mark as an equal answer"],
    ["u", "open it again: nothing is decided"]];
  return make("dl", {class: "keys"}, ...keys.flatMap(([key, text]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, text)]));
}

function showAnswers() {
  const groups = shown(), open = groups.filter((group) => group.open), marked = groups.filter((group) => !group.open);
  const parts = [];
  if (open.length) parts.push(make("li", {class: "part"}, "Open"), ...open.map(card));
  if (marked.length) parts.push(make("li", {class: "part"}, "Marked"), ...marked.map(card));
  if (!groups.length) parts.push(make("li", {class: "part"}, question.groups.length ? "No answer has these words." : "Nobody has answered yet."));
  at("answers").replaceChildren(...parts);
  const all = countAll(question), left = countOpen(question);
  at("progress").textContent = `${all - left} of ${all} marked` +
    (sheet.waiting ? `; ${sheet.waiting} more hand-ins are not graded yet` : "");
}

function card(group) {
  const active = current === group.id, kind = group.open ? "open" : "marked";
  return make("li", {}, make("article",
    {class: `card ${kind}${active ? " active" : ""}`, tabindex: "0", id: "group-" + group.id, "aria-label": heading(group),
     "aria-current": active ? "true" : null, onclick: () => active || activate(group.id), onfocus: () => active || activate(group.id)},
    make("header", {}, make("span", {}, heading(group)), make("span", {class: "chip"}, state(group))),
    text(group.text || "(nothing)"),
    ...group.more.map((part) => make("div", {class: "more"}, make("p", {class: "small"}, "In another cell next to it:"), text(part))),
    ...group.notes.map((note) => make("p", {class: "small"}, note)),
    !active && !group.open && group.words ? make("div", {class: "given", dir: "auto"}, group.words) : null,
    active ? form(group) : null));
}

const text = (content) => make("pre", {class: "text", dir: "auto", tabindex: content.length > 1500 ? "0" : null}, content);

function heading(group) {
  const many = group.count > 1 ? `${group.count} equal answers` : "1 answer";
  if (!group.students) return many;
  const names = group.students.slice(0, 6).join(", "), more = group.students.length - 6;
  return `${many}: ${names}${more > 0 ? ` and ${more} more` : ""}`;
}

function state(group) {
  const points = group.points === null ? "" : `${number(group.points)} of ${number(question.points)}`;
  const extra = group.extra ? ` + ${number(group.extra)} extra` : "";
  if (group.open) return points ? `open; the earlier answer had ${points}` : "open";
  return points + extra;
}

// --- marking ---------------------------------------------------------------------------------------------------------

function draft(group) {
  if (!drafts.has(group.id)) {
    const from = group.open && group.points === null ? {ticked: [], points: null, words: group.words} : group;
    const own = from.points !== null && number(from.points) !== number(sum(new Set(from.ticked)));
    drafts.set(group.id, {ticked: new Set(from.ticked), points: own || (from.points !== null && !from.ticked.length) ? number(from.points) : "",
                          words: from.words, typed: false});
  }
  return drafts.get(group.id);
}

function sum(ticked) {
  const points = [...ticked].reduce((total, index) => total + question.rubric[index].points, 0);
  return Math.min(question.points, Math.max(0, points));
}

function form(group) {
  const mine = draft(group), changed = () => { mine.typed = true; };
  const points = make("input", {inputmode: "decimal", autocomplete: "off", id: "points",
    oninput: (event) => { mine.points = event.target.value; changed(); }});
  points.value = mine.points !== "" ? mine.points : mine.ticked.size ? number(sum(mine.ticked)) : "";
  const words = make("textarea", {id: "words", maxlength: "4000", "aria-label": "Comment for the student", placeholder: "Comment for the student",
    oninput: (event) => { mine.words = event.target.value; changed(); }});
  words.value = mine.words;
  return make("form", {onsubmit: (event) => { event.preventDefault(); save(group); }},
    question.rubric.length ? make("fieldset", {}, make("legend", {}, "Rubric"), ...question.rubric.map((line, index) => {
      const box = make("input", {type: "checkbox", id: "line-" + index, onchange: () => tick(group, index)});
      box.checked = mine.ticked.has(index);
      return make("label", {}, make("kbd", {}, String(index + 1)), box, make("span", {}, line.text),
                  make("span", {class: "soft"}, `${line.points > 0 ? "+" : "−"}${number(Math.abs(line.points))}`));
    })) : null,
    make("div", {class: "row"}, make("label", {}, "Points", points, `of ${number(question.points)}`),
      make("button", {type: "button", onclick: () => set(group, question.points)}, "Full ", make("kbd", {}, "f")),
      make("button", {type: "button", onclick: () => set(group, 0)}, "None ", make("kbd", {}, "0")),
      group.same ? make("button", {type: "button", onclick: () => same(group)}, `As the equal answer: ${number(group.same.points || 0)} `, make("kbd", {}, "s")) : null),
    words, usedComments(group),
    make("div", {class: "row"}, make("button", {class: "main", type: "submit"}, group.count > 1 ? `Save for ${group.count} ` : "Save ", make("kbd", {}, "Enter")),
      !group.open ? make("button", {type: "button", onclick: () => save(group, true)}, "Open again ", make("kbd", {}, "u")) : null));
}

function usedComments(group) {
  const counts = new Map();
  for (const other of question.groups) if (other.words && other.words.length <= 300) counts.set(other.words, (counts.get(other.words) || 0) + other.count);
  const often = [...counts].sort((one, other) => other[1] - one[1]).slice(0, 6).map(([words]) => words);
  if (!often.length) return null;
  return make("div", {class: "used"}, ...often.map((words) => make("button", {type: "button", title: words, onclick: () => {
    const mine = draft(group);
    if (!mine.words.includes(words)) mine.words = [mine.words.trim(), words].filter(Boolean).join("\n");
    mine.typed = true;
    redraw(group);
  }}, "+ " + (words.length > 48 ? words.slice(0, 47) + "…" : words))));
}

function tick(group, index) {
  const mine = draft(group);
  if (!mine.ticked.delete(index)) mine.ticked.add(index);
  mine.points = "";  // the lines say how many
  mine.typed = true;
  redraw(group);
}

function set(group, points) {
  const mine = draft(group);
  if (points === question.points) question.rubric.forEach((line, index) => line.points > 0 ? mine.ticked.add(index) : mine.ticked.delete(index));
  else if (points === 0) mine.ticked.clear();
  mine.points = question.rubric.length && points === question.points ? "" : number(points);
  mine.typed = true;
  redraw(group);
}

function same(group) {
  const from = group.same;
  drafts.set(group.id, {ticked: new Set(from.ticked), points: number(from.points || 0), words: from.words, typed: true});
  redraw(group);
}

function redraw(group) {
  const old = at("group-" + group.id), inside = document.activeElement && old && old.contains(document.activeElement) ? document.activeElement.id : null;
  if (!old) return;
  const made = card(group);
  old.parentElement.replaceWith(made);
  const wanted = inside && at(inside);
  (wanted || made.firstElementChild).focus({preventScroll: true});
}

function activate(id, scroll) {
  const before = question.groups.find((group) => group.id === current), group = question.groups.find((one) => one.id === id);
  if (!group) return;
  current = id;
  if (before && before !== group && at("group-" + before.id)) at("group-" + before.id).parentElement.replaceWith(card(before));
  redraw(group);
  const element = at("group-" + id);
  if (element) {
    element.focus({preventScroll: true});
    if (scroll) element.scrollIntoView({block: "nearest"});
  }
}

async function save(group, reopen) {
  if (saving) return;  // the page says so
  const mine = draft(group), typed = mine.points.trim().replace(",", ".");
  if (!reopen && (typed === "" ? !mine.ticked.size : !(Number(typed) >= 0 && Number(typed) <= question.points))) {
    say(`Give 0 to ${number(question.points)} points` + (question.rubric.length ? ", or tick a line of the rubric." : "."), true);
    return;
  }
  saving = true;
  say("Saving …");
  const place = shown().findIndex((one) => one.id === group.id);
  try {
    const {status, found} = await send("/api/mark", {group: group.id, points: typed === "" ? null : Number(typed),
      ticked: [...mine.ticked].sort(), words: mine.words, reopen: Boolean(reopen)});
    if (status === 200) {
      drafts.delete(group.id);
      question.groups = found.groups;
      const answers = group.count > 1 ? `${group.count} answers` : "1 answer";
      say(reopen ? `Open again: ${answers}.` : `Saved for ${answers}.` + (countOpen(question) ? "" : " All answers to this question are marked."));
      showQuestions();
      next(place);
    } else if (status === 409) {
      conflict(group, mine, found);
    } else say(found.message, true);
  } catch (error) {
    say(error.message, true);
  } finally {
    saving = false;
  }
}

function conflict(group, mine, found) {
  take(found.sheet);
  const now = question.groups.find((one) => one.text === group.text);
  if (now) {
    drafts.set(now.id, {...mine, typed: true});
    current = now.id;
  }
  showAnswers();
  if (now) activate(now.id, true);
  say(found.message + (now ? " Your own mark is in the form and not saved." : ""), true);
}

function next(place) {
  const open = shown().filter((group) => group.open);
  const group = open[Math.min(Math.max(place, 0), open.length - 1)];
  current = group ? group.id : null;
  showAnswers();
  if (group) activate(group.id, true);
}

// --- start, keys -----------------------------------------------------------------------------------------------------

function take(found) {
  sheet = found;
  question = sheet.questions.find((one) => question && one.task === question.task) ||
    sheet.questions.find(countOpen) || sheet.questions[0];
  showQuestions();
  showAbout();
}

function step(by) {
  const groups = shown(), place = groups.findIndex((group) => group.id === current);
  const group = groups[Math.min(Math.max(place + by, 0), groups.length - 1)];
  if (group) activate(group.id, true);
}

function key(event) {
  if (!sheet || event.altKey || event.metaKey && event.key !== "Enter" || event.ctrlKey && event.key !== "Enter" || event.isComposing) return;
  const group = question.groups.find((one) => one.id === current), field = event.target;
  const typing = field.matches("textarea, select, input:not([type=checkbox])"), sends = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (event.key === "Escape" && typing) { if (group) at("group-" + group.id)?.focus(); return; }
  if (sends && group) { event.preventDefault(); save(group); return; }
  if (typing || event.ctrlKey || event.metaKey) return;
  const does = {
    j: () => step(1), k: () => step(-1), n: () => next(shown().filter((one) => one.open).findIndex((one) => one.id === current) + 1),
    f: () => group && set(group, question.points), p: () => at("points")?.select(), c: () => at("words")?.focus(),
    s: () => group?.same && same(group), u: () => group && !group.open && save(group, true),
    Enter: () => group && !field.matches("button, summary, a") && save(group),
  };
  let action = does[event.key];
  if (/^[0-9]$/.test(event.key) && group) {
    const digit = Number(event.key);
    if (digit === 0) action = () => set(group, 0);
    else if (question.rubric.length) action = digit <= question.rubric.length ? () => tick(group, digit - 1) : null;
    else action = digit <= question.points ? () => set(group, digit) : null;
  }
  if (!action || event.key === "Enter" && (field.matches("button, summary, a") || !group)) return;
  event.preventDefault();
  action();
}

async function start() {
  try {
    const {status, found} = await send("/api/sheet");
    if (status !== 200) throw new Error(found.message);
    take(found);
    next(0);
  } catch (error) {
    say(error.message, true);
  }
}

at("question").addEventListener("change", (event) => {
  question = sheet.questions.find((one) => one.task === event.target.value);
  at("search").value = "";
  showAbout();
  next(0);
});
at("search").addEventListener("input", () => sheet && showAnswers());
document.addEventListener("keydown", key);
window.addEventListener("beforeunload", (event) => {
  if ([...drafts.values()].some((mine) => mine.typed)) event.preventDefault();
});
start();
