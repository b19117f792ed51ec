// Filters and finds rules, and opens what a link leads to. Without it the page shows all.
(() => {
  const bar = document.getElementById('filters');
  const rules = [...document.querySelectorAll('[data-result]')];
  if (!bar || !rules.length) return;
  const fields = [...bar.querySelectorAll('select, input')];
  const texts = new Map(rules.map(rule => [rule, rule.textContent.toLowerCase()]));

  const fits = rule => fields.every(field => {
    const wanted = field.value.trim().toLowerCase();
    if (field.name !== 'words') return !wanted || rule.dataset[field.name].toLowerCase() === wanted;
    return wanted.split(/\s+/).every(word => texts.get(rule).includes(word));
  });

  const apply = () => {
    const active = fields.some(field => field.value.trim());
    let shown = 0;
    for (const rule of rules) {
      rule.hidden = !fits(rule);
      if (!rule.hidden) shown++;
    }
    for (const group of document.querySelectorAll('[data-group]')) {
      group.hidden = !group.querySelector('[data-result]:not([hidden])');
      if (active && group.tagName === 'DETAILS') group.open = !group.hidden;
    }
    document.getElementById('found').textContent = `${shown} of ${rules.length} rules`;
  };

  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let place = target; place; place = place.parentElement) {
      if (place.tagName === 'DETAILS') place.open = true;
      place.hidden = false;
    }
    if (target) target.scrollIntoView();
  };

  bar.hidden = false;
  bar.addEventListener('input', apply);
  addEventListener('hashchange', open);
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('article details.decides')) details.open = true;
  });
  apply();
  open();
})();
