using 'main.bicep'

param stage = 'prod'
param settings = {
  TimeZone: 'Europe/Berlin'
  PhoneRegion: 'DE'
}
param network = 'Firewall'
// The first lookup of the morning waits for nothing.
param alwaysReadyInstances = 1
param zoneRedundant = true
param logDays = 90
param lock = true
// Somebody must hear the alarms: name them here or on the command line.
param alarmEmails = []
