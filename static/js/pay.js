// Says that this browser runs scripts, so that the card's number can be typed in our page; others are sent on.
document.querySelector("input[name=here]").value = "1";
