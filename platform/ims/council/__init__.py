"""How the council presents itself: name, logo, colour, wording, banners, time-outs, retention."""
