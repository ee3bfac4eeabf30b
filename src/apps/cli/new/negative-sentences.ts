// English that is to be rejected: everyday words and sentences, of which a recognizer of commands learns to spell
// the first half; what it accepts of the second half, which it never hears in training, is measured.

/** Alone, as somebody may say them: about the commonest, and some that sound like much else. */
const TRAIN_WORDS = `
about above across after again air all almost along also always animal answer any apple ask away baby back bad bag ball
bank bear beat bed before begin behind believe below best better between big bird black blood board boat body bone book
both bottle bottom box boy branch bread break bridge bring brother brown build burn butter buy call came camp can cap car
card care carry case cat catch cause cell chair change cheese chief child church circle city class clean clear climb cloud
coat coffee cold color common cook corn cotton could count country cover cow cross crowd cry cup cut dance danger dark
daughter day dead deal dear deep desk did dinner dish doctor dog dollar done dress drink drive dry duck dust each ear early
earth east easy eat edge egg else empty end enough even ever every eye face fact fall family far farm fast father fear feel
field fight fill fine finger finish fire first fish floor flower fly follow food foot forest forget fork fresh friend from
front fruit full funny game garden gave gentle gift girl give glass goat gold gone grand grass great green ground group grow
guess guide gun hair half hand happy hat have head hear heart heat heavy hill history hold hole home honey hope horse hot
hour house how hundred hurry husband ice idea inch island job join joke juice jump keep kept key kick kind king kitchen knee
knife know lady lake land large last late laugh law lead leaf learn least leg lemon less letter level lie life lift like`;

const TRAIN_SENTENCES = `
are you coming to dinner with us on friday
I left my keys on the table in the hall
she said that the train was late again
can you pass me the salt please
my sister is going to have a baby in june
we should call the plumber before it gets worse
I do not think that is a good idea at all
how long have you been waiting here
the neighbours are having a party next week
did you remember to feed the cat this morning
it has been raining since yesterday afternoon
he works for a bank in the middle of the city
there is some soup left in the fridge
what did the doctor say about your knee
they are building a new school across the river
let me know when you get there
I have never seen so many birds at once
the film was much longer than I expected
would you like some more coffee or tea
that is exactly what I told him last year
nobody wanted to sit in the front row
please be careful with the glasses
we met on a boat somewhere in greece
the children are already asleep upstairs
you can borrow my bicycle if you want
I forgot the name of that restaurant
her brother plays the violin very well
the price of bread has gone up again
who is going to drive us to the airport
make sure that you take an umbrella
it was the best cake I have ever eaten
our team lost three games in a row
do you know where the scissors are
I would rather stay here and read a book
the shop on the corner sells fresh fish
he never answers when I write to him
we ran out of milk two days ago
my grandmother grew up on a farm
this shirt does not fit me any more
they moved to another town last winter
could you help me carry this box
the meeting has been put off until monday
I am so tired that I could sleep for a week
there were hundreds of people in the square
she painted the whole fence by herself
what would you do with a million dollars
the dog is afraid of thunder
we need a bigger table for the guests
as far as I know nothing has changed
give my best wishes to your parents
yes
no thank you
well I never
oh really
wait a minute
what do you mean
I see
that is funny
excuse me
come over here
never mind
of course not
see you tomorrow
how are you
thank you very much
look at that
you must be joking
all right then
hurry up
no way`;

const TEST_WORDS = `
line list listen lion lip live lock long look lose lot low lunch machine mail make man map mark market maybe meal mean meat
member metal middle mile milk mind minute miss mix money moon more most mother mountain mouse mouth move much must name near
neck need nest never new news nice noise north nose nothing number ocean office often old one orange other our out own page
paint pair paper park part party past path pay pen people person phone picture piece pink place plan plant plate please
pocket point pool poor potato power pretty prince problem pull purple push quick quiet rain reach ready real red rest rich
ride right ring river road rock room round row run sad safe said salt same sand save school sea season second seed sell send
seven shade sharp sheep ship shirt shoe short shoulder shout show sick side silver simple sing sister sit six size skin sky
sleep slow small smell smile snow soft some son song soon sound soup south space speak spoon spring square stand star stay
step still stone store storm story strange street strong sugar summer sun sure sweet swim table tail take talk tall taste
teach team tell ten thank thick thin thing think third thought three throw ticket tiger today together tomato tonight tooth
touch toward town toy train tree trip trouble truck true turn twelve uncle under until use valley very village visit voice
wagon walk wall want war warm wash watch water wave weather week well west wet wheel white wide wife wild wind window winter
wish without wolf woman wonder wood word work world worry write yard year yellow yesterday young zoo`;

const TEST_SENTENCES = `
the old clock in the station stopped at half past nine
I was just about to leave when the phone rang
most of the students had already gone home by then
she keeps her letters in a wooden box under the bed
they say it will snow in the mountains this weekend
could we perhaps talk about this some other time
his first job was washing dishes in a small hotel
I wonder why nobody told us about the concert
the tickets were sold out within ten minutes
my uncle used to repair watches and radios
there is no need to shout I can hear you perfectly
we walked along the beach until the sun went down
the new teacher speaks four languages fluently
put the potatoes in cold water before you boil them
he promised to send the money by the end of the month
what kind of music did they play at the wedding
a stranger asked me the way to the museum
the lake was frozen and we could walk right across it
I always get lost in this part of town
you should have seen the look on her face
the recipe calls for two eggs and a cup of sugar
somebody has eaten all of the chocolate biscuits
the bridge will be closed for repairs until august
it is hard to believe that ten years have passed
my neighbour grows tomatoes on her balcony
the judge asked the witness to repeat his answer
when I was young we had no television at all
he bought a used car and painted it yellow
the library is open every day except sunday
after the storm there were branches all over the road
do not forget to sign the form on the last page
the baby laughed when the puppy licked her hand
we are thinking of spending the summer in norway
the soup needs a little more pepper and some lemon
every window in the building was broken
I cannot find my glasses anywhere
the lawyer explained the contract line by line
at what time does the last bus to the harbour go
they found an old map behind the picture
she has been learning to swim since april
the queen waved from the balcony for an hour
I will think about it and write to you tomorrow
the price includes breakfast and a tour of the castle
how many people live on this island in winter
the farmer counted his sheep twice to be sure
nothing ever happens around here on a tuesday
he tried to open the tin with a pair of scissors
our flight was delayed because of thick fog
the carpenter measured the shelf three times
it smells as if something is burning in the oven
you are the third person who has asked me that today
the president gave a short speech about water
we had to turn back because the road was flooded
the actor forgot his lines in the second act
she whispered something that I did not understand
a good pair of boots will last you many years
the tide comes in quickly so watch your step
it takes about two hours to climb to the top
the company makes paper bags and cardboard boxes
would you mind moving a little to the left`;

interface NegativeSentences {
  readonly negativesTrain: readonly string[];
  readonly negativesTest: readonly string[];
}

/**
 * Without those that a command is part of.
 * @param commands sentences, or some of them where there are very many
 * @param given a text with one a line in place of ours, of which every other one is learned
 */
export function negativeSentences(commands: readonly string[], given?: string): NegativeSentences {
  const said = commands.map((command) => ` ${command.toLowerCase().trim()} `);
  const isOther = (text: string): boolean =>
    text !== "" && !said.some((command) => ` ${text.toLowerCase()} `.includes(command));
  if (given !== undefined) {
    const others = given
      .split("\n")
      .map((line) => line.trim())
      .filter(isOther);
    return {
      negativesTrain: others.filter((_, index) => index % 2 === 0),
      negativesTest: others.filter((_, index) => index % 2 === 1),
    };
  }
  const lines = (text: string): string[] => text.trim().split("\n");
  const words = (text: string): string[] => text.trim().split(/\s+/);
  return {
    negativesTrain: [...words(TRAIN_WORDS), ...lines(TRAIN_SENTENCES)].filter(isOther),
    negativesTest: [...words(TEST_WORDS), ...lines(TEST_SENTENCES)].filter(isOther),
  };
}
