// What every page does: filters for its tables and lists, folded parts, and the finder's boxes.
import { setUpEvents } from "./filters/events.js";
import { setUpTables } from "./filters/table.js";
import { setUpFinder } from "./finder/boxes.js";
import { setUpFolds } from "./folds.js";

setUpTables();
setUpEvents();
setUpFolds();
setUpFinder();
