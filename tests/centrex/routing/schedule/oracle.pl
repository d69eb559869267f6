# Answers what Time::Period says: a line in is "epoch<TAB>period", a line out is 1, 0 or -1. TZ is the time zone.
use strict;
use warnings;
use Time::Period;

$| = 1;
while (my $line = <STDIN>) {
    chomp $line;
    my ($epoch, $period) = split /\t/, $line, 2;
    no warnings;
    print inPeriod($epoch, defined $period ? $period : ''), "\n";
}
