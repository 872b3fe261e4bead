using System.Globalization;
using Clv.Functions;
using Clv.JumpingClock;

// The app as it is, but for its clock.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var app = App.Build(args, static services => services.AddSingleton<TimeProvider>(new FileClock()));
await app.RunAsync();
