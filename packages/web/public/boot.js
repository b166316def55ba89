// Runs before the first paint, so that a chosen theme or language never flashes its opposite.
(function () {
  try {
    var theme = localStorage.getItem('nowcast.theme');
    if (theme === '"light"' || theme === '"dark"')
      document.documentElement.dataset.theme = theme.slice(1, -1);
    var language = localStorage.getItem('nowcast.language');
    if (language === '"zh"' || (!language && /^zh/i.test(navigator.language)))
      document.documentElement.lang = 'zh-CN';
  } catch {
    // Storage may be forbidden; the defaults hold.
  }
})();
