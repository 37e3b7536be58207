import { createApp } from "vue";

import App from "./App.vue";
import { router } from "./router";
import { ApiError } from "./shared/api";
import { i18n } from "./shared/i18n";
import { refused } from "./shared/tell";
import "./shared/styles";

const app = createApp(App);

/** What the hub refuses and no page shows is said as a notice; 401 has led to the log-in already. */
function refusedOr(otherwise: (error: unknown) => void): (error: unknown) => boolean {
  return (error) => {
    if (!(error instanceof ApiError)) {
      otherwise(error);
      return false;
    }
    if (error.status !== 401) refused(error);
    return true;
  };
}

app.config.errorHandler = refusedOr((error) => console.error(error));
const onRejected = refusedOr(() => undefined);
window.addEventListener("unhandledrejection", (event) => onRejected(event.reason) && event.preventDefault());

app.use(i18n).use(router).mount("#app");
