## Courtesy: “thank you”, “OK”, a lone emoji

courtesy-said-thanks = thanks, thank, thx, ty, cheers
courtesy-said-noted = ok, okay, k, fine, good, great, cool, nice, super, sure, noted, understood, alright
courtesy-said-besides = you, so, much, very, a, lot, for, the, help, all, right, got, it
courtesy-thanks-learner = You are welcome! Good luck with your lessons. What is next is always in “My day”.
courtesy-thanks-family = You are welcome! I will send news of the children here.
courtesy-thanks-alone = You are welcome! I am here.
courtesy-thanks-staff = You are welcome! I am always at hand.
courtesy-noted-learner = I am here. What is next is always in “My day”.
courtesy-noted-family = I am here. I will send news of the children here.
courtesy-noted-alone = I am here.
courtesy-noted-staff = I am here: everything is in the menu below.
