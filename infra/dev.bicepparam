using 'main.bicep'

param stage = 'dev'
param settings = {
  TimeZone: 'Europe/Berlin'
  PhoneRegion: 'DE'
}
// Stops what a mistake would cost.
param logQuotaGb = 1
param extractDays = 7
param healthTest = false
// It is torn down and made again.
param purgeProtection = false
