// What every page does: lists that can be filtered, folded parts, and the finder's boxes.
import { setUpAges } from "./ages.js";
import { setUpFinder } from "./finder/boxes.js";
import { setUpFolds } from "./folds.js";
import { setUpLists } from "./lists/list.js";
import { setUpMonths } from "./plots/months.js";
// What those import is named here, too, so that browsers fetch it at once and not step by step.
import "./address.js";
import "./dom.js";
import "./finder/box.js";
import "./finder/combobox.js";
import "./finder/fetching.js";
import "./finder/results-page.js";
import "./lists/bar.js";
import "./lists/cells.js";
import "./lists/csv.js";
import "./lists/marks.js";
import "./lists/matching.js";
import "./lists/near.js";
import "./lists/shape.js";
import "./lists/source.js";
import "./lists/state.js";
import "./plots/rect.js";
import "./plots/removals.js";
import "./words.js";

setUpAges();
setUpMonths();
setUpLists();
setUpFolds();
setUpFinder();
if (document.querySelector("[data-pb-missing]"))
  import("./finder/missing.js").then(({ leadOn }) => leadOn());
if (document.querySelector("[data-pb-choose]"))
  import("./choose/page.js").then(({ setUpChoose }) => setUpChoose());
if (document.querySelector("[data-pb-compare]"))
  import("./compare/page.js").then(({ setUpCompare }) => setUpCompare());
// Most pages are about other things than a policy, and need no more than this.
if (document.querySelector("[data-pb-sections], .pb-timeline"))
  import("./policy/page.js").then((policy) => policy.setUpPolicy());
if (document.querySelector("[data-pb-check]"))
  import("./check/page.js").then(({ setUpCheck }) => setUpCheck());
