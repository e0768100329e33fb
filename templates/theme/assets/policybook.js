// What every page does: filters for its tables and lists, folded parts, and the finder's boxes.
import { setUpAges } from "./ages.js";
import { setUpEvents } from "./filters/events.js";
import { setUpTables } from "./filters/table.js";
import { setUpFinder } from "./finder/boxes.js";
import { setUpFolds } from "./folds.js";
// What those import is named here, too, so that browsers fetch it at once and not step by step.
import "./address.js";
import "./dom.js";
import "./filters/form.js";
import "./filters/matching.js";
import "./finder/box.js";
import "./finder/combobox.js";
import "./finder/fetching.js";
import "./finder/results-page.js";
import "./words.js";

setUpAges();
setUpTables();
setUpEvents();
setUpFolds();
setUpFinder();
if (document.querySelector("[data-pb-missing]"))
  import("./finder/missing.js").then(({ leadOn }) => leadOn());
// Most pages are about other things than a policy, and need no more than this.
if (document.querySelector("[data-pb-sections], .pb-timeline"))
  import("./policy/page.js").then((policy) => policy.setUpPolicy());
