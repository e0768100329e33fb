// Says how old the days in the footer are, by the reader's clock. Pages know no clock.
import { count } from "./words.js";

const DAY = 86_400_000;

/**
 * Adds to each of the days how long ago it is.
 * @param {number} now in milliseconds since 1970
 */
export function setUpAges(now = Date.now()) {
  const { lang } = document.documentElement;
  for (const time of document.querySelectorAll("time[data-pb-age]")) {
    const words = age(time.textContent ?? "", now, lang || "en");
    if (words) time.append(` (${words})`);
  }
}

/**
 * How long ago a day is, in words; "" if it is none, or in the future.
 * @param {string} day such as 2026-03-04
 * @param {number} now in milliseconds since 1970
 * @param {string} language of the site
 */
export function age(day, now, language = "en") {
  const days = Math.floor((now - Date.parse(day)) / DAY);
  if (!(days >= 0)) return "";
  if (language !== "en")
    return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-days, "day");
  return days ? `${count(days, "day", "days")} ago` : "today";
}
