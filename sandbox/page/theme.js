// Puts the chosen look on before anything is drawn; what the system prefers, until one is chosen.
const chosen = localStorage.getItem("faro-look");
if (chosen) document.documentElement.dataset.look = chosen;
