import {TourAutomatic} from "@web_tour/js/tour_automatic/tour_automatic";

// A machine that runs four browsers at once takes longer to answer than one: what does
// not come fails all the same, later.
TourAutomatic.prototype.timeout = 40_000;
