"use strict";
document.documentElement.classList.add("scripted");
oneclone.toolbar.begin();
oneclone.page.begin();
