"""The sentences behind the codes: English, then Dutch."""

PHRASES: dict[str, tuple[str, str]] = {
    # the whole
    "rule": ("Rule: {rule}.", "Regel: {rule}."),
    "ballots": ("{ballots} ballots, of which {empty} empty.", "{ballots} stembiljetten, waarvan {empty} leeg."),
    "money": ("Budget {budget}, spent {spent}, left {left}.", "Budget {budget}, besteed {spent}, over {left}."),
    "seats": ("{seats} to be elected.", "Er worden er {seats} gekozen."),
    "raised": (
        "Everyone's share began at {first}; it was raised {raises} times, to {share}.",
        "Ieders deel begon op {first}; het is {raises} keer verhoogd, tot {share}.",
    ),
    "stopped-over-budget": (
        "One more raise would have cost {next_cost}: more than the budget.",
        "Nog een verhoging zou {next_cost} kosten: meer dan het budget.",
    ),
    "stopped-all-bought": ("Everything that anybody chose was bought.", "Alles wat iemand koos, is gekocht."),
    "winners": ("Elected, in this order: {winners}.", "Gekozen, in deze volgorde: {winners}."),
    "not-elected": ("Not elected:", "Niet gekozen:"),
    "plain": ("- {option}, {votes} votes:", "- {option}, {votes} stemmen:"),
    # notes
    "lot-is-file-order": (
        "Lot: this file names none, so its order of options decides.",
        "Loting: dit bestand noemt er geen, dus de volgorde van de opties beslist.",
    ),
    "lot-drawn": ("Lot: drawn with the seed {seed}.", "Loting: getrokken met het getal {seed}."),
    "reserve-lapsed": (
        "Of the places kept for {theme} ({at_least}), only {supported} can be filled: nobody chose more.",
        "Van de plaatsen voor {theme} ({at_least}) kunnen er maar {supported} worden gevuld: niemand koos er meer.",
    ),
    "seats-left-empty": (
        "{filled} of {seats} places are filled: nobody chose more options.",
        "{filled} van de {seats} plaatsen zijn gevuld: niemand koos meer opties.",
    ),
    # steps
    "step-votes": ("{number}. {option}: {support} votes.", "{number}. {option}: {support} stemmen."),
    "step-points": ("{number}. {option}: {support} points.", "{number}. {option}: {support} punten."),
    "step-greedy": ("{number}. {option}: support {support}, {cost}.", "{number}. {option}: steun {support}, {cost}."),
    "step-equal-shares": (
        "{number}. {option}: support {support}, bought for {cost}.",
        "{number}. {option}: steun {support}, gekocht voor {cost}.",
    ),
    "step-top-up": (
        "{number}. {option}: support {support}, {cost}, from what was left.",
        "{number}. {option}: steun {support}, {cost}, uit wat over was.",
    ),
    "step-phragmen": (
        "{number}. {option}: {support} votes, bought by its supporters at time {time}.",
        "{number}. {option}: {support} stemmen, door de kiezers gekocht op tijdstip {time}.",
    ),
    "step-reserved": ("This place was kept for {theme}.", "Deze plaats was voor {theme}."),
    "paid-each": ("{people} people paid {each} each.", "{people} mensen betaalden elk {each}."),
    "paid-all": (
        "{people} people paid all they had left, {total} together.",
        "{people} mensen betaalden alles wat ze nog hadden, samen {total}.",
    ),
    "paid-each-one": ("1 person paid {each}.", "1 mens betaalde {each}."),
    "paid-all-one": ("1 person paid all they had left, {total}.", "1 mens betaalde alles wat er nog was, {total}."),
    "tie": (
        "Step {step}: {among} were equal. {instead} came first by {decided_by}.",
        "Stap {step}: {among} stonden gelijk. {instead} ging voor door {decided_by}.",
    ),
    "decided_by-cost": ("lower cost", "lagere kosten"),
    "decided_by-votes": ("more votes", "meer stemmen"),
    "decided_by-points": ("more points", "meer punten"),
    "decided_by-lot": ("lot", "het lot"),
    "phase-votes": ("votes", "stemmen"),
    "phase-points": ("points", "punten"),
    "phase-greedy": ("greedy", "op volgorde van stemmen"),
    "phase-equal-shares": ("equal shares", "gelijke delen"),
    "phase-phragmen": ("Phragmén", "Phragmén"),
    "phase-top-up": ("top-up", "aanvulling"),
    # why
    "elected": ("Elected in step {step}.", "Gekozen in stap {step}."),
    "elected-for-reserve": (
        "Elected in step {step}, on a place kept for {theme}.",
        "Gekozen in stap {step}, op een plaats voor {theme}.",
    ),
    "nobody-chose-it": ("nobody chose it.", "niemand koos dit."),
    "cost-above-budget": (
        "{cost} is more than the whole budget of {budget}.",
        "{cost} is meer dan het hele budget van {budget}.",
    ),
    "supporters-short": (
        "its supporters had {had} left, and it costs {cost}.",
        "de mensen die dit kozen hadden nog {had}, en het kost {cost}.",
    ),
    "does-not-fit": (
        "it costs {cost}, and {left} was left.",
        "het kost {cost}, en er was nog {left} over.",
    ),
    "lost-tie": (
        "as good as {instead}, which came first by {decided_by}.",
        "even goed als {instead}, maar dat ging voor door {decided_by}.",
    ),
    "lost-tie-money": (
        "as good as {instead}, which came first by {decided_by}; after that its supporters had {had} of {cost}.",
        "even goed als {instead}, maar dat ging voor door {decided_by}; daarna was er nog {had} van {cost}.",
    ),
    "fewer-votes": (
        "{votes} votes; the last one elected, {instead}, has {last}.",
        "{votes} stemmen; de laatste die gekozen is, {instead}, heeft er {last}.",
    ),
    "fewer-points": (
        "{points} points; the last one elected, {instead}, has {last}.",
        "{points} punten; de laatste die gekozen is, {instead}, heeft er {last}.",
    ),
    "seats-taken": ("all places were taken.", "alle plaatsen waren bezet."),
    "reserve-went-first": (
        "in step {step} the places left were needed for {theme}: {instead} went first.",
        "in stap {step} waren de plaatsen nodig voor {theme}: {instead} ging voor.",
    ),
    "others-first": (
        "its supporters would have had enough at time {time}; the last place went at {last_time}, to {instead}.",
        "de kiezers zouden genoeg hebben op tijdstip {time}; de laatste plaats ging op {last_time} naar {instead}.",
    ),
    # obstacles
    "unknown-rule": ("There is no rule {rule}.", "De regel {rule} bestaat niet."),
    "rule-needs-approval": (
        "The rule {rule} needs ballots without points.",
        "De regel {rule} is voor stembiljetten zonder punten.",
    ),
    "rule-needs-points": (
        "The rule {rule} needs ballots with points.",
        "De regel {rule} is voor stembiljetten met punten.",
    ),
    "no-options": ("There are no options.", "Er zijn geen opties."),
    "no-budget": ("The rule {rule} needs a budget.", "De regel {rule} heeft een budget nodig."),
    "budget-not-positive": ("The budget must be above 0.", "Het budget moet hoger zijn dan 0."),
    "budget-pays-for-all": (
        "The budget of {budget} pays for everything ({cost}).",
        "Het budget van {budget} is genoeg voor alles ({cost}).",
    ),
    "every-cost-above-budget": ("Every option costs more than the budget.", "Elke optie kost meer dan het budget."),
    "money-unit-not-positive": (
        "The unit of the currency must be above 0.",
        "De eenheid van de munt moet hoger zijn dan 0.",
    ),
    "free-option": (
        "Option {option} costs nothing; this rule cannot buy it.",
        "Optie {option} kost niets; deze regel kan dat niet kopen.",
    ),
    "no-seats": (
        "The rule {rule} needs the number of places (--seats).",
        "De regel {rule} heeft het aantal plaatsen nodig (--seats).",
    ),
    "seats-not-positive": ("The number of places must be above 0.", "Het aantal plaatsen moet hoger zijn dan 0."),
    "seats-above-options": (
        "There are {seats} places, and only {options} options.",
        "Er zijn {seats} plaatsen, en maar {options} opties.",
    ),
    "seats-for-all": (
        "There are as many places as options ({seats}).",
        "Er zijn evenveel plaatsen als opties ({seats}).",
    ),
    "seats-not-used": ("The rule {rule} has no places.", "De regel {rule} kent geen plaatsen."),
    "reserve-without-seats": (
        "Places can be kept for a theme only where places are divided.",
        "Plaatsen voor een thema kunnen alleen als er plaatsen zijn.",
    ),
    "reserve-not-positive": (
        "At least one place must be kept for {theme}, or none at all.",
        "Voor {theme} moet ten minste één plaats zijn, of laat het weg.",
    ),
    "reserve-unknown-theme": ("No option has the theme {theme}.", "Geen optie heeft het thema {theme}."),
    "reserve-above-options": (
        "{at_least} places are kept for {theme}, which has {options} options.",
        "Er zijn {at_least} plaatsen voor {theme}, maar {options} opties.",
    ),
    "reserve-twice": ("Places for {theme} are kept twice.", "Er zijn twee keer plaatsen voor {theme}."),
    "reserves-above-seats": (
        "{reserved} places are kept for themes, of {seats} in all.",
        "Er zijn {reserved} plaatsen voor thema's, van {seats} in totaal.",
    ),
    # files
    "no-file": ("This file cannot be read: {what}.", "Dit bestand kan niet worden gelezen: {what}."),
    "no-rule": (
        "This file does not say by which rule; add --rule.",
        "Dit bestand noemt geen regel; geef er een met --rule.",
    ),
    "file-too-large": ("This file is larger than {megabytes} MB.", "Dit bestand is groter dan {megabytes} MB."),
    "not-utf-8": ("Line {line}: this is not UTF-8 text.", "Regel {line}: dit is geen tekst in UTF-8."),
    "not-text": ("Line {line}: this is not text.", "Regel {line}: dit is geen tekst."),
    "not-a-pb-file": (
        "Line {line}: a .pb file begins with META.",
        "Regel {line}: een .pb-bestand begint met META.",
    ),
    "quotes": (
        "Line {line}: a quotation mark too many or too few.",
        "Regel {line}: een aanhalingsteken te veel of te weinig.",
    ),
    "field-too-long": ("Line {line}: this field is too long.", "Regel {line}: dit veld is te lang."),
    "header": (
        "Line {line}: the header of {section} lacks {wanted}.",
        "Regel {line}: in de kop van {section} staat geen {wanted}.",
    ),
    "column-twice": ("Line {line}: {section} has a column twice.", "Regel {line}: {section} heeft een kolom dubbel."),
    "section-order": (
        "Line {line}: {section} does not belong here.",
        "Regel {line}: {section} hoort hier niet.",
    ),
    "section-missing": ("The section {section} is missing.", "Het deel {section} ontbreekt."),
    "meta-twice": ("Line {line}: {key} is given twice.", "Regel {line}: {key} staat er dubbel."),
    "meta-without-key": ("Line {line}: a value without a name.", "Regel {line}: een waarde zonder naam."),
    "meta-missing": ("META lacks {key}.", "In META ontbreekt {key}."),
    "too-many-rows": (
        "Line {line}: {section} has more than {most} rows.",
        "Regel {line}: {section} heeft meer dan {most} rijen.",
    ),
    "ordinal": (
        "Line {line}: ballots that rank options cannot be counted here.",
        "Regel {line}: stembiljetten met een rangorde kunnen hier niet worden geteld.",
    ),
    "vote-type": (
        "Line {line}: unknown kind of ballot {found!r}.",
        "Regel {line}: onbekend soort stembiljet {found!r}.",
    ),
    "default-score": (
        "Line {line}: a default score for what was not chosen cannot be counted here.",
        "Regel {line}: punten voor wat niet gekozen is, kunnen hier niet worden geteld.",
    ),
    "number": ("Line {line}: {what} is not a number: {found!r}.", "Regel {line}: {what} is geen getal: {found!r}."),
    "option-twice": ("Line {line}: option {option} is listed twice.", "Regel {line}: optie {option} staat er dubbel."),
    "option-without-id": ("Line {line}: an option without an id.", "Regel {line}: een optie zonder nummer."),
    "voter-twice": (
        "Line {line}: the voter id {voter} is there twice.",
        "Regel {line}: kiezer {voter} staat er dubbel.",
    ),
    "voter-without-id": ("Line {line}: a ballot without a voter id.", "Regel {line}: een stembiljet zonder nummer."),
    "row-too-short": ("Line {line}: this row is too short.", "Regel {line}: deze rij is te kort."),
    "points-do-not-fit": (
        "Line {line}: not as many points as options.",
        "Regel {line}: niet evenveel punten als opties.",
    ),
    "empty-in-list": (
        "Line {line}: something is missing between commas.",
        "Regel {line}: er ontbreekt iets tussen komma's.",
    ),
    "ballot-unknown-option": (
        "Line {line}: a ballot names {option}, which is no option.",
        "Regel {line}: een stembiljet noemt {option}, maar dat is geen optie.",
    ),
    "ballot-option-twice": (
        "Line {line}: a ballot names an option twice.",
        "Regel {line}: een stembiljet noemt een optie dubbel.",
    ),
    "ballot-too-many": (
        "Line {line}: a ballot names too many options.",
        "Regel {line}: een stembiljet noemt te veel opties.",
    ),
    "ballot-too-few": (
        "Line {line}: a ballot names too few options.",
        "Regel {line}: een stembiljet noemt te weinig opties.",
    ),
    "ballot-points": (
        "Line {line}: the points of {option} are no number.",
        "Regel {line}: de punten van {option} zijn geen getal.",
    ),
    "ballot-too-many-points": ("Line {line}: too many points.", "Regel {line}: te veel punten."),
    "count-differs": (
        "Line {line}: {key} says {written}, but there are {counted}. Is the file complete?",
        "Regel {line}: {key} zegt {written}, maar het zijn er {counted}. Is het bestand compleet?",
    ),
    "own-part": (
        "Line {line}: what wijkagenda wrote into the comment was damaged.",
        "Regel {line}: wat wijkagenda in het commentaar schreef, is beschadigd.",
    ),
    "lot-differs": (
        "The file says that its lot was drawn with the seed {seed}, but that seed gives another order.",
        "Het bestand zegt dat het lot is getrokken met {seed}, maar dat geeft een andere volgorde.",
    ),
    "votes-differ": (
        "The file gives {option} {written} votes; its ballots say {counted}.",
        "Het bestand geeft {option} {written} stemmen; de stembiljetten zeggen {counted}.",
    ),
    "threshold-not-applied": (
        "The file names a threshold of {threshold} votes; this count applies none.",
        "Het bestand noemt een drempel van {threshold} stemmen; deze telling past die niet toe.",
    ),
    "same-winners": (
        "The winners are those that the file names.",
        "Dezelfde opties zijn gekozen als in het bestand staat.",
    ),
    "other-winners": (
        "The winners are not those that the file names: it may have been decided by another rule.",
        "Er zijn andere opties gekozen dan in het bestand staat: misschien gold daar een andere regel.",
    ),
}
